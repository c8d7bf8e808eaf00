//! The port to AWS Batch, and its decorators. Knows nothing of Kubernetes.

mod ender;
mod hooked;
mod metered;
mod paced;
mod permit;
pub mod sdk;

pub use ender::Ender;
pub use hooked::{Hook, Hooked, Operation};
pub use metered::{CallOutcome, Metered, Recorder};
pub use paced::Paced;
pub use permit::Permit;

use futures::future::BoxFuture;
use jiff::Timestamp;

use crate::job::{Accepted, EndKind, Fault, JobId, JobStatus, JobSummary, RemoteJob, Submission};

/// Most ids one DescribeJobs takes.
pub const DESCRIBE_MAX: usize = 100;
/// Most ids one TerminateJobs or CancelJobs takes.
pub const END_MAX: usize = 50;

/// Most queues one DescribeJobQueues takes.
pub const QUEUES_MAX: usize = 100;

/// One page of ListJobs.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The jobs of this page.
    pub jobs: Vec<JobSummary>,
    /// The token of the next page; `None` at the end.
    pub next: Option<String>,
}

/// The newest jobs of a queue before some time. Only their names count.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Newest first.
    pub jobs: Vec<NamedJob>,
    /// Whether AWS has no older job in the queue.
    pub is_all: bool,
}

/// The name of a job, which other jobs may have too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedJob {
    pub name: String,
    /// When AWS accepted the job.
    pub created_at: Timestamp,
}

/// A job queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    pub name: String,
    pub arn: String,
    /// Whether the queue is enabled and its status is VALID, or not given.
    pub takes_jobs: bool,
}

/// The calls of AWS Batch. Every call is sent at most once, and ends within the attempt timeout. Without a [`Permit`]
/// nothing is sent, and every call fails with [`FaultKind::NotSent`](crate::job::FaultKind::NotSent). SubmitJob needs a
/// permit of its own.
pub trait Batch: Send + Sync {
    /// SubmitJob, if `permit` holds at the last moment before the wire.
    fn submit<'a>(
        &'a self,
        submission: &'a Submission,
        permit: Permit,
    ) -> BoxFuture<'a, Result<Accepted, Fault>>;

    /// DescribeJobs of at most [`DESCRIBE_MAX`] ids. A job that AWS does not know, or not yet, is absent.
    fn describe<'a>(&'a self, ids: &'a [JobId]) -> BoxFuture<'a, Result<Vec<RemoteJob>, Fault>>;

    /// ListJobs in `queue` of the jobs called `name`, in every status, newest first.
    fn list<'a>(
        &'a self,
        queue: &'a str,
        name: &'a str,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>>;

    /// ListJobs of the newest jobs of `queue` that were created before this time, those of others included, in every
    /// status. Children of arrays are left out.
    fn created_before<'a>(&'a self, queue: &'a str, before: Timestamp)
    -> BoxFuture<'a, Result<Names, Fault>>;

    /// ListJobs of the jobs of `queue` in this state, those of others included, in no promised order. Children of arrays
    /// are left out.
    fn in_state<'a>(
        &'a self,
        queue: &'a str,
        state: JobStatus,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>>;

    /// ListJobs of the children of `array` that failed, in no promised order.
    fn failed_children<'a>(
        &'a self,
        array: &'a JobId,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>>;

    /// DescribeJobQueues of at most [`QUEUES_MAX`] names or ARNs. A queue that AWS does not know is absent.
    fn queues<'a>(&'a self, queues: &'a [String]) -> BoxFuture<'a, Result<Vec<Queue>, Fault>>;

    /// TerminateJobs or CancelJobs of at most [`END_MAX`] ids. The answer names the jobs that were not ended, and why.
    /// If AWS has no bulk calls, the jobs are ended one by one, each within the attempt timeout.
    fn end<'a>(
        &'a self,
        kind: EndKind,
        ids: &'a [JobId],
        reason: &'a str,
    ) -> BoxFuture<'a, Result<Vec<(JobId, Fault)>, Fault>>;
}
