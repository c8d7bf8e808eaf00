//! Jobs that are ended together: what one of them does to the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_batch_operator::aws::Ender;
use aws_batch_operator::job::{Accepted, EndKind, Fault, FaultKind, JobId, Owned};
use futures::future::join_all;
use futures::{StreamExt, stream};
use tokio::time::{Duration, Instant, sleep};

use crate::port::{Port, Service};

const JOBS: usize = 50;

fn id(n: usize) -> JobId {
    JobId::new(format!("{n:08}-2222-4333-8444-555555555555")).unwrap()
}

/// Answers every call that asks for a spoiler with a fault.
struct Spoiled {
    spoilers: Vec<JobId>,
    kind: FaultKind,
    calls: AtomicUsize,
}

impl Service for Spoiled {
    fn end(&self, ids: &[JobId]) -> Result<Vec<(JobId, Fault)>, Fault> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let is_spoiled = ids.iter().any(|id| self.spoilers.contains(id));
        if is_spoiled { Err(Fault::new(self.kind, None, "no")) } else { Ok(Vec::new()) }
    }
}

/// Asks for the end of fifty jobs. Answers those that were not ended, and how many calls were made.
async fn ended(spoilers: &[usize], kind: FaultKind) -> (Vec<usize>, usize) {
    let spoilers = spoilers.iter().copied().map(id).collect();
    let service = Arc::new(Port(Spoiled { spoilers, kind, calls: AtomicUsize::new(0) }));
    let ender = Ender::start(service.clone());
    let ends = (0..JOBS).map(|n| {
        let job = Owned::submitted(&Accepted { id: id(n), arn: None, name: None });
        ender.end(EndKind::Terminate, job, "test")
    });
    let outcomes = join_all(ends).await;
    let failed = outcomes.iter().enumerate().filter(|(_, outcome)| outcome.is_err()).map(|(n, _)| n);
    (failed.collect(), service.0.calls.load(Ordering::Relaxed))
}

#[tokio::test(start_paused = true)]
async fn one_id_that_aws_refuses_keeps_no_other_job_from_its_end() {
    let (failed, calls) = ended(&[17], FaultKind::Refused).await;
    assert_eq!(failed, [17]);
    assert!(calls <= 13, "two for each halving of fifty, and the first: {calls}");
    assert_eq!(ended(&[3, 41], FaultKind::Refused).await.0, [3, 41]);
}

/// As a crowd of deletions comes: as many at a time as there are passes.
#[tokio::test(start_paused = true)]
async fn a_crowd_is_ended_in_full_calls_and_nobody_waits_for_long() {
    const PASSES: usize = 64;
    let service = Arc::new(Port(Spoiled {
        spoilers: Vec::new(),
        kind: FaultKind::Refused,
        calls: AtomicUsize::new(0),
    }));
    let ender = Ender::start(service.clone());
    let end = |n| {
        let (job, begun) = (Owned::submitted(&Accepted { id: id(n), arn: None, name: None }), Instant::now());
        let request = ender.end(EndKind::Terminate, job, "test");
        async move { request.await.map(|()| begun.elapsed()) }
    };
    let took: Vec<_> = stream::iter((0..1_000).map(end)).buffer_unordered(PASSES).collect().await;
    let longest = took.into_iter().map(Result::unwrap).max().unwrap();
    assert!(longest <= Duration::from_secs(1), "{longest:?}");
    let calls = service.0.calls.load(Ordering::Relaxed);
    assert!(calls <= 21, "{calls} calls");
}

/// A busy API server lets forty deletions come in a second.
#[tokio::test(start_paused = true)]
async fn a_crowd_that_comes_slowly_is_ended_in_full_calls_too() {
    let service = Arc::new(Port(Spoiled {
        spoilers: Vec::new(),
        kind: FaultKind::Refused,
        calls: AtomicUsize::new(0),
    }));
    let ender = Ender::start(service.clone());
    let ends = (0..1_000_usize).map(|n| {
        let job = Owned::submitted(&Accepted { id: id(n), arn: None, name: None });
        let ender = ender.clone();
        async move {
            sleep(Duration::from_millis(25) * u32::try_from(n).unwrap()).await;
            let begun = Instant::now();
            ender.end(EndKind::Terminate, job, "test").await.map(|()| begun.elapsed())
        }
    });
    let longest = join_all(ends).await.into_iter().map(Result::unwrap).max().unwrap();
    let calls = service.0.calls.load(Ordering::Relaxed);
    assert!(longest <= Duration::from_secs(2) && calls <= 22, "{longest:?}, {calls} calls");
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_alone_is_ended_after_half_a_second() {
    let service = Spoiled { spoilers: Vec::new(), kind: FaultKind::Refused, calls: AtomicUsize::new(0) };
    let ender = Ender::start(Arc::new(Port(service)));
    let begun = Instant::now();
    let job = Owned::submitted(&Accepted { id: id(1), arn: None, name: None });
    ender.end(EndKind::Terminate, job, "test").await.unwrap();
    assert!(begun.elapsed() <= Duration::from_millis(501), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn what_says_nothing_of_an_id_is_asked_once() {
    for kind in [FaultKind::Throttled, FaultKind::Denied, FaultKind::NotSent, FaultKind::Unclear] {
        assert_eq!(ended(&[17], kind).await, ((0..JOBS).collect(), 1), "{kind:?}");
    }
    assert_eq!(ended(&[], FaultKind::Refused).await, (Vec::new(), 1));
}
