//! What this process knows of each object and the watch cache does not show yet. Only the watch and the start of a pass
//! create an entry. Any later update without an entry is for a removed object, and is dropped.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::api::BatchJob;
use crate::key::Key;
use crate::moment::Reading;
use crate::plan::{Known, Sighting};

/// What is remembered of one object.
#[derive(Clone, Debug)]
struct Entry {
    known: Known,
    /// The object as our own latest write left it, until the cache has caught up.
    written: Option<Arc<BatchJob>>,
    /// How many passes in a row have failed.
    failures: u32,
}

/// The tracker's latest look at the object's job, and the value of the cluster tag.
pub type Seen<'a> = (Option<&'a Sighting>, &'a str);

/// What is remembered of all objects.
#[derive(Debug, Default)]
pub struct Memory {
    entries: Mutex<HashMap<Key, Entry>>,
}

impl Memory {
    /// The newest version of the object, from the cache or from our own last write, and what is known of the object.
    pub fn recall(
        &self,
        key: &Key,
        cached: &Arc<BatchJob>,
        seen: Seen<'_>,
        now: Reading,
    ) -> (Arc<BatchJob>, Known) {
        let mut entries = self.entries();
        let entry = entries.entry(key.clone()).or_insert_with(|| Entry::new(now));
        let newest = entry.observe(cached, seen, now);
        (newest, entry.known.clone())
    }

    /// Like `recall`, for a read without effect: nothing is remembered.
    pub fn glimpse(
        &self,
        key: &Key,
        cached: &Arc<BatchJob>,
        seen: Seen<'_>,
        now: Reading,
    ) -> (Arc<BatchJob>, Known) {
        let mut entry = self.entries().get(key).cloned().unwrap_or_else(|| Entry::new(now));
        (entry.observe(cached, seen, now), entry.known)
    }

    /// Takes in an object of the watch. Every replica remembers the claim. Another writer may remove it, and the
    /// process that made it may have ended by then.
    pub fn shown(&self, key: &Key, object: &BatchJob, now: Reading) {
        let mut entries = self.entries();
        if let Some(entry) = entries.get_mut(key) {
            entry.known.shown(object, now);
            return;
        }
        let mut entry = Entry::new(now);
        entry.known.shown(object, now);
        if entry.known.may_have_a_job() {
            entries.insert(key.clone(), entry);
        }
    }

    /// Whether this process knows of a job of the object, or of a claim.
    pub fn may_have_a_job(&self, key: &Key) -> bool {
        self.entries().get(key).is_some_and(|entry| entry.known.may_have_a_job())
    }

    /// Changes what is known of the object.
    pub fn learn(&self, key: &Key, what: impl FnOnce(&mut Known)) {
        if let Some(entry) = self.entries().get_mut(key) {
            what(&mut entry.known);
        }
    }

    /// Keeps the object as our own write returned it.
    pub fn wrote(&self, key: &Key, object: Arc<BatchJob>) {
        if let Some(entry) = self.entries().get_mut(key) {
            entry.written = Some(object);
        }
    }

    /// Another writer was first, so the result of our own write is no longer the newest version.
    pub fn overtaken(&self, key: &Key) {
        if let Some(entry) = self.entries().get_mut(key) {
            entry.written = None;
        }
    }

    /// A pass has ended well.
    pub fn succeeded(&self, key: &Key) {
        if let Some(entry) = self.entries().get_mut(key) {
            entry.failures = 0;
        }
    }

    /// Counts one more failed pass. Returns the number of failures in a row and the pause before the next pass. The
    /// pause is at most 32 s, or 256 s if the API server refuses the write for good.
    pub fn failed(&self, key: &Key, is_refused: bool) -> (u32, Duration) {
        let failures = self.entries().get_mut(key).map_or(1, |entry| {
            entry.failures = entry.failures.saturating_add(1);
            entry.failures
        });
        let most = if is_refused { 9 } else { 6 };
        (failures, Duration::from_millis(500 << failures.min(most)))
    }

    /// Forgets an object that was removed.
    pub fn forget(&self, key: &Key) {
        self.entries().remove(key);
    }

    /// Forgets the objects of a namespace (`None`: of all) that are not among these: they were removed while no watch
    /// ran.
    pub fn keep(&self, namespace: Option<&str>, present: &HashSet<Key>) {
        let is_elsewhere = |key: &Key| namespace.is_some_and(|namespace| namespace != key.namespace);
        self.entries().retain(|key, _| is_elsewhere(key) || present.contains(key));
    }

    /// Treats the objects of a namespace (`None`: of all) as first seen now.
    pub fn seen_anew(&self, namespace: Option<&str>, now: Reading) {
        let is_there = |key: &Key| namespace.is_none_or(|namespace| namespace == key.namespace);
        for (_, entry) in self.entries().iter_mut().filter(|(key, _)| is_there(key)) {
            entry.known.seen_anew(now);
        }
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Key, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn new(now: Reading) -> Self {
        Self { known: Known::new(now), written: None, failures: 0 }
    }

    /// Takes in the object at the start of a pass. Returns its newest version.
    fn observe(
        &mut self,
        cached: &Arc<BatchJob>,
        (sighting, cluster_id): Seen<'_>,
        now: Reading,
    ) -> Arc<BatchJob> {
        let newest = match &self.written {
            Some(written) if is_newer(written, cached) => written.clone(),
            _ => {
                self.written = None;
                cached.clone()
            }
        };
        self.known.observed(&newest, now);
        self.known.sighted(&newest, sighting, cluster_id);
        newest
    }
}

/// Resource versions of one resource are growing numbers (KEP-5504, and etcd before).
fn is_newer(written: &BatchJob, cached: &BatchJob) -> bool {
    let number = |object: &BatchJob| object.metadata.resource_version.as_deref()?.parse::<u64>().ok();
    match (number(written), number(cached)) {
        (Some(written), Some(cached)) => written > cached,
        _ => false,
    }
}
