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

/// While others come, a job waits so many times at most.
const MOST_LINGERS: usize = 4;

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

/// The requests that can share a call.
type Groups = BTreeMap<(EndKind, &'static str), Group>;

/// Requests that wait, oldest first.
#[derive(Default)]
struct Group {
    requests: Vec<Request>,
    /// How many there were when they last began to wait.
    before: usize,
    /// How often they have waited since a call was sent.
    lingers: usize,
}

impl Group {
    /// Takes what is sent now. The rest goes on waiting: more than one waits as long as others come, and what is left
    /// beside full calls waits anew. When a full call is answered, as many others follow.
    fn take(&mut self) -> Vec<Request> {
        self.lingers += 1;
        let waiting = self.requests.len();
        let others_come = waiting > self.before.max(1) && self.lingers < MOST_LINGERS;
        let full = waiting - waiting % END_MAX;
        let sent = if full > 0 {
            full
        } else if others_come {
            0
        } else {
            waiting
        };
        let left = self.requests.split_off(sent);
        if sent > 0 {
            self.lingers = 0;
        }
        self.before = left.len();
        std::mem::replace(&mut self.requests, left)
    }
}

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
        for ((kind, reason), group) in &mut groups {
            let mut requests = group.take();
            while !requests.is_empty() {
                let later = requests.split_off(requests.len().min(END_MAX));
                tokio::spawn(send(batch.clone(), *kind, reason, requests));
                requests = later;
            }
        }
        groups.retain(|_, group| !group.requests.is_empty());
    }
}

fn join(groups: &mut Groups, request: Request) {
    groups.entry((request.kind, request.reason)).or_default().requests.push(request);
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
