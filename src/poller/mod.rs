//! Reads AWS Batch in the background: follows jobs by id, and looks for lost ones by name. Owns when to look; what a
//! look means is the planner's business. A change wakes one object, no change wakes nobody.

mod lookup;
mod parts;
mod rounds;

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{sleep, sleep_until};

pub use lookup::{Answer, Lookups, Questions, Read};
pub use rounds::{Call, Rounds};

use crate::batch::{Batch, Fault, FaultKind, JobId};
use crate::clock::{self, Clock};
use crate::key::Key;
use crate::plan::Sighting;

/// The longest pause after calls that failed.
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// Follows the jobs of one target. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Poller {
    rounds: Arc<Mutex<Rounds>>,
    changed: Arc<Notify>,
}

impl Poller {
    /// A poller that looks at a job at most once per `interval`. [`Poller::run`] must run for anything to be seen.
    pub fn new(interval: Duration) -> Self {
        Self { rounds: Arc::new(Mutex::new(Rounds::new(interval))), changed: Arc::default() }
    }

    /// Follows the job of `key`.
    pub fn follow(&self, key: &Key, id: JobId) {
        if self.rounds().follow(key, id) {
            self.changed.notify_one();
        }
    }

    /// Forgets the job of `key`.
    pub fn forget(&self, key: &Key) {
        self.rounds().forget(key);
    }

    /// Forgets everything: another may have looked meanwhile, and what was seen is old.
    pub fn clear(&self) {
        self.rounds().keep(|_| false);
    }

    /// Forgets the jobs of a namespace (`None`: of all) whose objects are not among these.
    pub fn keep(&self, namespace: Option<&str>, present: &HashSet<Key>) {
        self.rounds().keep(|key| {
            namespace.is_some_and(|namespace| namespace != key.namespace) || present.contains(key)
        });
    }

    /// What was seen last of the job of `key`.
    pub fn sighting(&self, key: &Key) -> Option<Sighting> {
        self.rounds().sighting(key)
    }

    /// How many jobs are followed.
    pub fn count(&self) -> usize {
        self.rounds().count()
    }

    /// Looks for ever; `wake` is told whose job changed.
    pub async fn run(&self, batch: Arc<dyn Batch>, clock: Clock, wake: impl Fn(&Key)) {
        let mut pause = Duration::ZERO;
        loop {
            let due = self.rounds().due(clock::instant());
            if let Some(at) = due {
                sleep_until(at).await;
            } else {
                self.changed.notified().await;
                continue;
            }
            sleep(pause).await;
            let call = self.rounds().next_call(clock::instant());
            if call.is_empty() {
                continue;
            }
            pause = match batch.describe(&ids(&call)).await {
                Ok(jobs) => {
                    let changed = self.rounds().looked(&call, jobs, clock.moment());
                    changed.iter().for_each(&wake);
                    Duration::ZERO
                }
                Err(fault) => self.failed(call, &fault, pause),
            };
        }
    }

    /// Takes in a failed call. Answers how long to pause before the next.
    fn failed(&self, call: Call, fault: &Fault, pause: Duration) -> Duration {
        if fault.kind == FaultKind::Refused && call.len() > 1 {
            // One id that AWS cannot read, as somebody may write it into a status, must not hide the other jobs.
            self.rounds().split(call);
            return Duration::ZERO;
        }
        tracing::warn!(%fault, kind = fault.kind.as_str(), jobs = call.len(), "cannot look at jobs");
        let first = match fault.kind {
            FaultKind::Refused => return Duration::ZERO,
            FaultKind::Denied | FaultKind::NoCredentials => Duration::from_secs(5),
            _ => Duration::from_secs(1),
        };
        (pause * 2).clamp(first, PAUSE_MAX)
    }

    fn rounds(&self) -> MutexGuard<'_, Rounds> {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Each once.
fn ids(call: &[(Key, JobId)]) -> Vec<JobId> {
    call.iter().map(|(_, id)| id).collect::<BTreeSet<_>>().into_iter().cloned().collect()
}
