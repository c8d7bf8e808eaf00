//! Reads AWS Batch in the background: follows jobs by id, and finds lost jobs by name. The tracker decides when to
//! read; the planner decides what a result means. A change wakes only the object concerned.

mod aside;
mod call;
mod followed;
mod lookup;
mod parts;
mod pauses;
mod probes;
mod queues;
mod reads;
mod round;
mod rounds;
mod search;
mod shared_search;
mod silence;
mod survey;
mod surveys;
mod trials;
mod turn;
mod unseen;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep_until;

pub use call::Call;
pub use lookup::{Answer, Lookups};
pub use probes::Probes;
pub use queues::Queues;
pub use reads::Read;
pub use rounds::{Ask, Rounds};
use silence::{Concerned, Silences};
pub use survey::List;
pub use surveys::Listing;

use crate::aws::Batch;
use crate::clock::{self, Clock};
use crate::job::{Fault, JobId};
use crate::key::Key;
use crate::plan::{Sighting, Unread};

/// Follows the jobs of one target. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Tracker {
    interval: Duration,
    listing: Listing,
    rounds: Arc<Mutex<Rounds>>,
    silences: Arc<Mutex<Silences>>,
    changed: Arc<Notify>,
}

impl Tracker {
    /// A tracker that looks at a job at most once per `interval`. Nothing is read until [`Tracker::run`] runs.
    pub fn new(interval: Duration, listing: Listing) -> Self {
        let rounds = Arc::new(Mutex::new(Rounds::new(interval, listing)));
        Self { interval, listing, rounds, silences: Arc::default(), changed: Arc::default() }
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
        self.silences().forget(key);
    }

    /// Forgets everything. Another replica may have led meanwhile, so all results are old.
    pub fn clear(&self) {
        *self.rounds() = Rounds::new(self.interval, self.listing);
        *self.silences() = Silences::default();
    }

    /// Forgets the jobs of a namespace (`None`: of all) whose objects are not among these.
    pub fn keep(&self, namespace: Option<&str>, present: &HashSet<Key>) {
        let is_kept = |key: &Key| {
            namespace.is_some_and(|namespace| namespace != key.namespace) || present.contains(key)
        };
        self.rounds().keep(is_kept);
        self.silences().keep(is_kept);
    }

    /// The latest look at the job of `key`.
    pub fn sighting(&self, key: &Key) -> Option<Sighting> {
        self.rounds().sighting(key)
    }

    /// Since when every look at the job of `key` has failed.
    pub fn unread(&self, key: &Key) -> Option<Unread> {
        self.silences().about(key)
    }

    /// How many jobs are followed.
    pub fn count(&self) -> usize {
        self.rounds().count()
    }

    /// Runs for ever; `wake` gets each object whose job changed.
    pub async fn run(&self, batch: Arc<dyn Batch>, clock: Clock, wake: impl Fn(&Key)) {
        loop {
            let due = self.rounds().due(clock::instant());
            if let Some(at) = due {
                sleep_until(at).await;
            } else {
                self.changed.notified().await;
                continue;
            }
            let ask = self.rounds().next(clock::instant());
            match ask {
                Some(Ask::List(list)) => self.list(batch.as_ref(), list).await,
                Some(Ask::Describe(call)) => self.describe(batch.as_ref(), &clock, call, &wake).await,
                None => {}
            }
        }
    }

    async fn describe(&self, batch: &dyn Batch, clock: &Clock, call: Call, wake: impl Fn(&Key)) {
        let ids = call.ids();
        let concerned = match batch.describe(&ids).await {
            Ok(jobs) => {
                let changed = self.rounds().looked(&call, jobs, clock.moment());
                changed.iter().for_each(&wake);
                self.silences().answered(&call)
            }
            Err(fault) => {
                let concerned = self.silences().failed(&call, &fault, clock.read());
                self.failed(call, &ids, &fault);
                concerned
            }
        };
        self.wake_all(concerned, wake);
    }

    /// Reads one page of the jobs of a queue. Where that fails, its jobs are described one by one.
    async fn list(&self, batch: &dyn Batch, list: List) {
        let List { queue, state, page } = list;
        let page = batch.in_state(&queue, state, page).await;
        if let Err(fault) = &page {
            tracing::warn!(%fault, kind = fault.kind.as_str(), queue, "cannot list the jobs of a queue");
        }
        self.rounds().listed(page.map_err(|fault| fault.kind), clock::instant());
    }

    fn wake_all(&self, concerned: Concerned, wake: impl Fn(&Key)) {
        let keys = match concerned {
            Concerned::Everybody => self.rounds().keys(),
            Concerned::These(keys) => keys,
        };
        keys.iter().for_each(wake);
    }

    fn failed(&self, call: Call, ids: &[JobId], fault: &Fault) {
        // A person needs the id of a single bad job to correct its object.
        let job = if let [id] = ids { Some(id.as_str()) } else { None };
        tracing::warn!(%fault, kind = fault.kind.as_str(), jobs = ids.len(), job, "cannot look at jobs");
        self.rounds().failed(call, fault.kind, clock::instant());
    }

    fn silences(&self) -> MutexGuard<'_, Silences> {
        self.silences.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rounds(&self) -> MutexGuard<'_, Rounds> {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
