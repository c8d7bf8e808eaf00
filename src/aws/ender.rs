//! Gathers the jobs to be ended into calls of up to fifty, and returns to each caller the result for its job.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use crate::aws::{Batch, END_MAX};
use crate::job::{EndKind, Fault, FaultKind, JobId, Owned};

/// How long the first job of a call waits for others.
const LINGER: Duration = Duration::from_millis(500);

/// One job to be ended, and the way back to the caller.
struct Request {
    kind: EndKind,
    id: JobId,
    reason: &'static str,
    answer: oneshot::Sender<Result<(), Fault>>,
}

/// Ends jobs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Ender {
    requests: mpsc::Sender<Request>,
}

impl Ender {
    /// Starts the task that gathers; it ends when the last handle is dropped.
    pub fn start(batch: Arc<dyn Batch>) -> Self {
        let (requests, inbox) = mpsc::channel(1024);
        tokio::spawn(gather(batch, inbox));
        Self { requests }
    }

    /// Asks AWS to end an object's own job. `Ok` means that AWS took the request, not that the job has ended.
    pub async fn end(&self, kind: EndKind, job: Owned, reason: &'static str) -> Result<(), Fault> {
        let stopping = || Fault::new(FaultKind::NotSent, None, "the operator is stopping");
        let (answer, result) = oneshot::channel();
        let request = Request { kind, id: job.id().clone(), reason, answer };
        self.requests.send(request).await.map_err(|_| stopping())?;
        result.await.map_err(|_| stopping())?
    }
}

/// The requests that can share a call, oldest first.
type Groups = BTreeMap<(EndKind, &'static str), Vec<Request>>;

async fn gather(batch: Arc<dyn Batch>, mut inbox: mpsc::Receiver<Request>) {
    let mut groups = Groups::new();
    loop {
        if groups.is_empty() {
            let Some(first) = inbox.recv().await else { return };
            join(&mut groups, first);
        }
        sleep(LINGER).await;
        while let Ok(request) = inbox.try_recv() {
            join(&mut groups, request);
        }
        for ((kind, reason), mut requests) in std::mem::take(&mut groups) {
            let left = requests.split_off(sent_now(requests.len()));
            while !requests.is_empty() {
                let later = requests.split_off(requests.len().min(END_MAX));
                tokio::spawn(send(batch.clone(), kind, reason, requests));
                requests = later;
            }
            if !left.is_empty() {
                groups.insert((kind, reason), left);
            }
        }
    }
}

fn join(groups: &mut Groups, request: Request) {
    groups.entry((request.kind, request.reason)).or_default().push(request);
}

/// How many of the waiting requests are sent. What is left beside full calls waits once more: when a full call is
/// answered, as many others follow.
fn sent_now(waiting: usize) -> usize {
    if waiting < END_MAX { waiting } else { waiting - waiting % END_MAX }
}

async fn send(batch: Arc<dyn Batch>, kind: EndKind, reason: &'static str, requests: Vec<Request>) {
    let ids: Vec<JobId> = requests.iter().map(|request| request.id.clone()).collect();
    let failures = end(batch.as_ref(), kind, reason, ids).await;
    for request in requests {
        let answer = failures.get(&request.id).cloned().map_or(Ok(()), Err);
        // The caller may have been dropped: the job is ended all the same.
        let _ = request.answer.send(answer);
    }
}

/// Ends the jobs, and returns those that were not ended. AWS may refuse a call for one of its ids, so a refused call is
/// halved, down to that id.
async fn end(batch: &dyn Batch, kind: EndKind, reason: &str, ids: Vec<JobId>) -> BTreeMap<JobId, Fault> {
    let mut failures = BTreeMap::new();
    let mut calls = vec![ids];
    while let Some(mut ids) = calls.pop() {
        match batch.end(kind, &ids, reason).await {
            Ok(errors) => failures.extend(errors),
            Err(fault) if fault.kind == FaultKind::Refused && ids.len() > 1 => {
                calls.push(ids.split_off(ids.len() / 2));
                calls.push(ids);
            }
            Err(fault) => failures.extend(ids.into_iter().map(|id| (id, fault.clone()))),
        }
    }
    failures
}
