//! Looks at the job queues of objects whose submission AWS refused: one call for a hundred queues, in place of one
//! SubmitJob per object. A queue that begins to take jobs wakes its objects.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::sleep_until;

use super::probes::Probes;
use crate::aws::Batch;
use crate::clock::{self, Clock};
use crate::job::{Fault, FaultKind};
use crate::key::Key;
use crate::plan::QueueSight;

/// The queues of one target. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Queues {
    probes: Arc<Mutex<Probes>>,
    changed: Arc<Notify>,
}

impl Queues {
    /// The object of `key` waits for this queue; `None`: for none.
    pub fn watch(&self, key: &Key, queue: Option<&str>) {
        self.probes().watch(key, queue, clock::instant());
        if queue.is_some() {
            self.changed.notify_one();
        }
    }

    /// The latest result for the queue of the object of `key`.
    pub fn sight(&self, key: &Key) -> Option<QueueSight> {
        self.probes().sight(key)
    }

    /// Forgets the object of `key`.
    pub fn forget(&self, key: &Key) {
        self.probes().forget(key);
    }

    /// Forgets everything. Another replica may have led meanwhile, so all results are old.
    pub fn clear(&self) {
        *self.probes() = Probes::default();
    }

    /// Forgets the objects of a namespace (`None`: of all) that are not among these.
    pub fn keep(&self, namespace: Option<&str>, present: &HashSet<Key>) {
        self.probes().keep(|key| {
            namespace.is_some_and(|namespace| namespace != key.namespace) || present.contains(key)
        });
    }

    /// Runs for ever; `wake` gets each object whose queue takes jobs now, or is now unknown.
    pub async fn run(&self, batch: Arc<dyn Batch>, clock: Clock, wake: impl Fn(&Key)) {
        let mut is_denied = false;
        loop {
            let due = self.probes().due();
            let wait = async {
                match due {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = wait => {}
                () = self.changed.notified() => continue,
            }
            let names = self.probes().next(clock::instant());
            if names.is_empty() {
                continue;
            }
            let answer = batch.queues(&names).await;
            is_denied = is_told(answer.as_ref().err(), is_denied);
            let (at, now) = (clock.moment(), clock::instant());
            let woken = match &answer {
                Ok(queues) => self.probes().answered(&names, queues, at, now),
                Err(fault) => self.probes().failed(&names, fault.kind, at, now),
            };
            woken.iter().for_each(&wake);
        }
    }

    fn probes(&self) -> MutexGuard<'_, Probes> {
        self.probes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Logs a missing permission once. Returns whether AWS denies the call.
fn is_told(fault: Option<&Fault>, was_denied: bool) -> bool {
    let Some(fault) = fault else { return false };
    if fault.kind != FaultKind::Denied {
        tracing::debug!(%fault, "cannot look at job queues");
        return was_denied;
    }
    if !was_denied {
        tracing::warn!(
            %fault,
            "cannot look at job queues; allow batch:DescribeJobQueues. Until then a BatchJob that AWS refused is submitted minutes after its queue exists, not seconds"
        );
    }
    true
}
