//! A decorator of the port that keeps reads under a rate. Submissions are not paced here: they take turns (`pace`), so
//! that nothing waits between a claim and its send. Ends are few, fifty jobs a call.

use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

use crate::aws::{Batch, Page, Permit, Queue};
use crate::clock;
use crate::job::{Accepted, EndKind, Fault, JobId, RemoteJob, Submission};

/// Spaces DescribeJobs, ListJobs and DescribeJobQueues evenly. Only the reader's own tasks call them, so nobody else waits here.
#[derive(Debug)]
pub struct Paced<B> {
    inner: B,
    interval: Duration,
    next: Mutex<Instant>,
}

impl<B> Paced<B> {
    /// At most `per_second` reads each second.
    pub fn new(inner: B, per_second: u32) -> Self {
        Self {
            inner,
            interval: Duration::from_secs(1) / per_second.max(1),
            next: Mutex::new(clock::instant()),
        }
    }

    /// Waits for a place in the queue of reads.
    async fn turn(&self) {
        let at = {
            let mut next = self.next.lock().await;
            let at = (*next).max(clock::instant());
            *next = at + self.interval;
            at
        };
        sleep_until(at).await;
    }
}

impl<B: Batch> Batch for Paced<B> {
    fn submit<'a>(
        &'a self,
        submission: &'a Submission,
        permit: Permit,
    ) -> BoxFuture<'a, Result<Accepted, Fault>> {
        self.inner.submit(submission, permit)
    }

    fn describe<'a>(&'a self, ids: &'a [JobId]) -> BoxFuture<'a, Result<Vec<RemoteJob>, Fault>> {
        async move {
            self.turn().await;
            self.inner.describe(ids).await
        }
        .boxed()
    }

    fn list<'a>(
        &'a self,
        queue: &'a str,
        name: &'a str,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        async move {
            self.turn().await;
            self.inner.list(queue, name, page).await
        }
        .boxed()
    }

    fn failed_children<'a>(
        &'a self,
        array: &'a JobId,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        async move {
            self.turn().await;
            self.inner.failed_children(array, page).await
        }
        .boxed()
    }

    fn queues<'a>(&'a self, queues: &'a [String]) -> BoxFuture<'a, Result<Vec<Queue>, Fault>> {
        async move {
            self.turn().await;
            self.inner.queues(queues).await
        }
        .boxed()
    }

    fn end<'a>(
        &'a self,
        kind: EndKind,
        ids: &'a [JobId],
        reason: &'a str,
    ) -> BoxFuture<'a, Result<Vec<(JobId, Fault)>, Fault>> {
        self.inner.end(kind, ids, reason)
    }
}
