//! A decorator of the port that tells a recorder of every call. Labels come from our enums only.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;

use crate::aws::{Batch, Page, Permit, Queue};
use crate::clock;
use crate::job::{Accepted, EndKind, Fault, FaultKind, JobId, RemoteJob, Submission};

/// The operations we call, by AWS's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    SubmitJob,
    /// DescribeJobs.
    DescribeJobs,
    ListJobs,
    /// DescribeJobQueues.
    DescribeJobQueues,
    TerminateJobs,
    /// CancelJobs.
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
}

/// How a call ended: `None` is well.
pub type CallOutcome = Option<FaultKind>;

/// Where calls are counted.
pub trait Recorder: Send + Sync {
    /// One call has ended.
    fn call(&self, operation: Operation, outcome: CallOutcome, took: Duration);
}

/// Counts the calls of the port inside.
#[derive(Debug)]
pub struct Metered<B, R> {
    inner: B,
    recorder: R,
    /// The latest denial whose text is not for everybody.
    denied: Mutex<String>,
}

impl<B, R: Recorder> Metered<B, R> {
    /// Tells `recorder` of every call of `inner`.
    pub fn new(inner: B, recorder: R) -> Self {
        Self { inner, recorder, denied: Mutex::default() }
    }

    async fn count<T>(
        &self,
        operation: Operation,
        call: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let begun = clock::instant();
        let answer = call.await;
        let outcome = answer.as_ref().err().map(|fault| fault.kind);
        self.recorder.call(operation, outcome, begun.elapsed());
        if let Err(fault) = &answer {
            tracing::debug!(operation = operation.as_str(), kind = fault.kind.as_str(), %fault, "AWS call failed");
            self.tell_whole(operation, fault);
        }
        answer
    }

    /// Statuses and Events leave out who was denied. The log tells, once for each text.
    fn tell_whole(&self, operation: Operation, fault: &Fault) {
        let mut denied = self.denied.lock().unwrap_or_else(PoisonError::into_inner);
        if fault.whole() != fault.message && fault.whole() != *denied {
            fault.whole().clone_into(&mut denied);
            tracing::warn!(operation = operation.as_str(), kind = fault.kind.as_str(), "{denied}");
        }
    }
}

impl<B: Batch, R: Recorder> Batch for Metered<B, R> {
    fn submit<'a>(
        &'a self,
        submission: &'a Submission,
        permit: Permit,
    ) -> BoxFuture<'a, Result<Accepted, Fault>> {
        self.count(Operation::SubmitJob, self.inner.submit(submission, permit)).boxed()
    }

    fn describe<'a>(&'a self, ids: &'a [JobId]) -> BoxFuture<'a, Result<Vec<RemoteJob>, Fault>> {
        self.count(Operation::DescribeJobs, self.inner.describe(ids)).boxed()
    }

    fn list<'a>(
        &'a self,
        queue: &'a str,
        name: &'a str,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        self.count(Operation::ListJobs, self.inner.list(queue, name, page)).boxed()
    }

    fn failed_children<'a>(
        &'a self,
        array: &'a JobId,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        self.count(Operation::ListJobs, self.inner.failed_children(array, page)).boxed()
    }

    fn queues<'a>(&'a self, queues: &'a [String]) -> BoxFuture<'a, Result<Vec<Queue>, Fault>> {
        self.count(Operation::DescribeJobQueues, self.inner.queues(queues)).boxed()
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
        self.count(operation, self.inner.end(kind, ids, reason)).boxed()
    }
}
