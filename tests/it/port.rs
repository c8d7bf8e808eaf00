//! An AWS Batch of the test's own: answers each call at once, or after a while, with what the test has it say.

use std::time::Duration;

use aws_batch_operator::aws::{Batch, Names, Page, Permit, Queue};
use aws_batch_operator::job::{Accepted, EndKind, Fault, JobId, JobStatus, RemoteJob, Submission};
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use tokio::time::sleep;

/// What is said. A call that a test does not expect ends the test.
pub trait Service: Send + Sync {
    /// How long each call takes.
    const CALL: Duration = Duration::ZERO;

    fn submit(&self, _submission: &Submission) -> Result<Accepted, Fault> {
        unreachable!("SubmitJob")
    }

    fn describe(&self, _ids: &[JobId]) -> Result<Vec<RemoteJob>, Fault> {
        unreachable!("DescribeJobs")
    }

    fn list(&self, _queue: &str, _name: &str, _page: Option<String>) -> Result<Page, Fault> {
        unreachable!("ListJobs")
    }

    fn created_before(&self, _queue: &str, _before: Timestamp) -> Result<Names, Fault> {
        unreachable!("ListJobs by time")
    }

    fn in_state(&self, _queue: &str, _state: JobStatus, _page: Option<String>) -> Result<Page, Fault> {
        unreachable!("ListJobs by state")
    }

    fn queues(&self, _queues: &[String]) -> Result<Vec<Queue>, Fault> {
        unreachable!("DescribeJobQueues")
    }

    fn end(&self, _ids: &[JobId]) -> Result<Vec<(JobId, Fault)>, Fault> {
        unreachable!("TerminateJobs or CancelJobs")
    }
}

/// The port to it.
pub struct Port<S>(pub S);

impl<S: Service> Port<S> {
    fn call<'a, T: Send + 'a>(
        answer: impl FnOnce() -> Result<T, Fault> + Send + 'a,
    ) -> BoxFuture<'a, Result<T, Fault>> {
        async move {
            let answer = answer();
            sleep(S::CALL).await;
            answer
        }
        .boxed()
    }
}

impl<S: Service> Batch for Port<S> {
    fn submit<'a>(&'a self, submission: &'a Submission, _: Permit) -> BoxFuture<'a, Result<Accepted, Fault>> {
        Self::call(|| self.0.submit(submission))
    }

    fn describe<'a>(&'a self, ids: &'a [JobId]) -> BoxFuture<'a, Result<Vec<RemoteJob>, Fault>> {
        Self::call(|| self.0.describe(ids))
    }

    fn list<'a>(
        &'a self,
        queue: &'a str,
        name: &'a str,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        Self::call(|| self.0.list(queue, name, page))
    }

    fn created_before<'a>(
        &'a self,
        queue: &'a str,
        before: Timestamp,
    ) -> BoxFuture<'a, Result<Names, Fault>> {
        Self::call(move || self.0.created_before(queue, before))
    }

    fn in_state<'a>(
        &'a self,
        queue: &'a str,
        state: JobStatus,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        Self::call(move || self.0.in_state(queue, state, page))
    }

    fn failed_children<'a>(
        &'a self,
        _: &'a JobId,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        Self::call(|| self.0.list("", "", page))
    }

    fn queues<'a>(&'a self, queues: &'a [String]) -> BoxFuture<'a, Result<Vec<Queue>, Fault>> {
        Self::call(|| self.0.queues(queues))
    }

    fn end<'a>(
        &'a self,
        _: EndKind,
        ids: &'a [JobId],
        _: &'a str,
    ) -> BoxFuture<'a, Result<Vec<(JobId, Fault)>, Fault>> {
        Self::call(|| self.0.end(ids))
    }
}
