//! The only decorator of the port: a hook runs before and after each call.

use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;

use crate::aws::{Batch, Names, Page, Permit, Queue};
use crate::clock;
use crate::job::{Accepted, EndKind, Fault, JobId, JobStatus, RemoteJob, Submission};

/// The operations that we call, with AWS's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    SubmitJob,
    DescribeJobs,
    ListJobs,
    DescribeJobQueues,
    TerminateJobs,
    CancelJobs,
}

impl Operation {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SubmitJob => "SubmitJob",
            Self::DescribeJobs => "DescribeJobs",
            Self::ListJobs => "ListJobs",
            Self::DescribeJobQueues => "DescribeJobQueues",
            Self::TerminateJobs => "TerminateJobs",
            Self::CancelJobs => "CancelJobs",
        }
    }

    pub fn is_read(self) -> bool {
        matches!(self, Self::DescribeJobs | Self::ListJobs | Self::DescribeJobQueues)
    }
}

/// Code to run around each call.
pub trait Hook: Send + Sync {
    /// The call begins when this resolves.
    fn before(&self, _: Operation) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// The call has ended; `fault`: it failed.
    fn after(&self, _: Operation, _fault: Option<&Fault>, _took: Duration) {}
}

/// The port inside, with a hook around each call.
#[derive(Debug)]
pub struct Hooked<B, H> {
    inner: B,
    hook: H,
}

impl<B: Batch, H: Hook> Hooked<B, H> {
    pub fn new(inner: B, hook: H) -> Self {
        Self { inner, hook }
    }

    fn call<'a, T: Send + 'a>(
        &'a self,
        operation: Operation,
        call: impl FnOnce() -> BoxFuture<'a, Result<T, Fault>> + Send + 'a,
    ) -> BoxFuture<'a, Result<T, Fault>> {
        async move {
            self.hook.before(operation).await;
            let begun = clock::instant();
            let answer = call().await;
            self.hook.after(operation, answer.as_ref().err(), begun.elapsed());
            answer
        }
        .boxed()
    }
}

impl<B: Batch, H: Hook> Batch for Hooked<B, H> {
    fn submit<'a>(
        &'a self,
        submission: &'a Submission,
        permit: Permit,
    ) -> BoxFuture<'a, Result<Accepted, Fault>> {
        self.call(Operation::SubmitJob, move || self.inner.submit(submission, permit))
    }

    fn describe<'a>(&'a self, ids: &'a [JobId]) -> BoxFuture<'a, Result<Vec<RemoteJob>, Fault>> {
        self.call(Operation::DescribeJobs, move || self.inner.describe(ids))
    }

    fn list<'a>(
        &'a self,
        queue: &'a str,
        name: &'a str,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        self.call(Operation::ListJobs, move || self.inner.list(queue, name, page))
    }

    fn created_before<'a>(
        &'a self,
        queue: &'a str,
        before: Timestamp,
    ) -> BoxFuture<'a, Result<Names, Fault>> {
        self.call(Operation::ListJobs, move || self.inner.created_before(queue, before))
    }

    fn in_state<'a>(
        &'a self,
        queue: &'a str,
        state: JobStatus,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        self.call(Operation::ListJobs, move || self.inner.in_state(queue, state, page))
    }

    fn failed_children<'a>(
        &'a self,
        array: &'a JobId,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        self.call(Operation::ListJobs, move || self.inner.failed_children(array, page))
    }

    fn queues<'a>(&'a self, queues: &'a [String]) -> BoxFuture<'a, Result<Vec<Queue>, Fault>> {
        self.call(Operation::DescribeJobQueues, move || self.inner.queues(queues))
    }

    fn end<'a>(
        &'a self,
        kind: EndKind,
        ids: &'a [JobId],
        reason: &'a str,
    ) -> BoxFuture<'a, Result<Vec<(JobId, Fault)>, Fault>> {
        let operation = match kind {
            EndKind::Terminate => Operation::TerminateJobs,
            EndKind::Cancel => Operation::CancelJobs,
        };
        self.call(operation, move || self.inner.end(kind, ids, reason))
    }
}
