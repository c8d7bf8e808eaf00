//! What this process did and learnt for each object, where the cache does not show it yet. One entry per object of the
//! cache, so it is bounded by it; gone when the object goes.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::api::BatchJob;
use crate::batch::{Accepted, Owned};
use crate::key::Key;
use crate::moment::Reading;
use crate::plan::{Attempt, Claim, Claimed, EndAsked, Inspection, Look, Lookup, claimed, has_lost_its_claim};

/// What is remembered of one object.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// When the object was seen first, in this term and in this listing.
    pub first_seen: Reading,
    /// The latest claim of the object that was seen. Whoever takes the claim away does not take it from here.
    pub claim: Option<Claim>,
    /// When it was seen first that the claim is gone.
    pub claim_lost_at: Option<Reading>,
    /// Its job.
    pub accepted: Option<Accepted>,
    /// Its job, where this process has proven that it is.
    pub proven: Option<Owned>,
    /// The latest attempt that brought no job.
    pub attempt: Option<Attempt>,
    /// The latest look for its jobs.
    pub lookup: Option<Lookup>,
    /// The latest look at its job before a cancellation.
    pub look: Option<Look>,
    /// What was read of the parts of its job.
    pub inspection: Option<Inspection>,
    /// The latest request to end its job.
    pub end_asked: Option<EndAsked>,
    /// The object as our own latest write left it, until the cache has caught up.
    pub written: Option<Arc<BatchJob>>,
    /// How many passes in a row have failed.
    pub failures: u32,
}

/// What is remembered of all objects.
#[derive(Debug, Default)]
pub struct Memory {
    entries: Mutex<HashMap<Key, Remembered>>,
}

impl Memory {
    /// What is known of the object, and its newest version: the cache's, or that of our own last write.
    pub fn recall(&self, key: &Key, cached: &Arc<BatchJob>, now: Reading) -> (Arc<BatchJob>, Remembered) {
        let mut entries = self.entries();
        let entry = entries.entry(key.clone()).or_insert_with(|| Remembered::new(now));
        let newest = match &entry.written {
            Some(written) if is_newer(written, cached) => written.clone(),
            _ => {
                entry.written = None;
                cached.clone()
            }
        };
        entry.see_claim(&newest, now);
        let mut recalled = entry.clone();
        recalled.written = None;
        (newest, recalled)
    }

    /// The watch shows the object. Its claim is remembered whoever leads: another may take the claim away, and the process
    /// that made it may be gone by then.
    pub fn shown(&self, key: &Key, object: &BatchJob, now: Reading) {
        let mut entries = self.entries();
        match entries.get_mut(key) {
            Some(entry) => entry.see_claim(object, now),
            None if open_claim(object).is_some() => {
                entries.entry(key.clone()).or_insert_with(|| Remembered::new(now)).see_claim(object, now);
            }
            None => {}
        }
    }

    /// Whether this process knows of a job of the object, or of a claim.
    pub fn may_have_a_job(&self, key: &Key) -> bool {
        self.entries().get(key).is_some_and(|entry| entry.accepted.is_some() || entry.claim.is_some())
    }

    /// Changes what is known of an object.
    pub fn update(&self, key: &Key, now: Reading, change: impl FnOnce(&mut Remembered)) {
        change(self.entries().entry(key.clone()).or_insert_with(|| Remembered::new(now)));
    }

    /// Counts one more failed pass. Answers how long to wait before the next: up to half a minute, and up to some minutes for
    /// a write that the API server refuses for good.
    pub fn failed(&self, key: &Key, now: Reading, is_refused: bool) -> Duration {
        let mut failures = 0;
        self.update(key, now, |entry| {
            entry.failures = entry.failures.saturating_add(1);
            failures = entry.failures;
        });
        let most = if is_refused { 9 } else { 6 };
        Duration::from_millis(500 << failures.min(most))
    }

    /// Forgets an object that is gone.
    pub fn forget(&self, key: &Key) {
        self.entries().remove(key);
    }

    /// Forgets the objects of a namespace (`None`: of all) that are not among these: they went while nobody watched.
    pub fn keep(&self, namespace: Option<&str>, present: &HashSet<Key>) {
        let is_elsewhere = |key: &Key| namespace.is_some_and(|namespace| namespace != key.namespace);
        self.entries().retain(|key, _| is_elsewhere(key) || present.contains(key));
    }

    /// Takes the objects of a namespace (`None`: all) for new: they were listed again, perhaps after a restore, or another
    /// replica has led since. What was looked up before proves nothing about them.
    pub fn seen_anew(&self, namespace: Option<&str>, now: Reading) {
        let is_there = |key: &Key| namespace.is_none_or(|namespace| namespace == key.namespace);
        for (_, entry) in self.entries().iter_mut().filter(|(key, _)| is_there(key)) {
            (entry.first_seen, entry.claim_lost_at, entry.lookup) = (now, None, None);
        }
    }

    /// Someone else's write has won: the object as our own left it is no longer the newest.
    pub fn overtaken(&self, key: &Key) {
        if let Some(entry) = self.entries().get_mut(key) {
            entry.written = None;
        }
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Key, Remembered>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Remembered {
    fn see_claim(&mut self, object: &BatchJob, now: Reading) {
        if let Some(claim) = open_claim(object) {
            self.claim = Some(claim);
        }
        let is_lost = has_lost_its_claim(object, self.claim.is_some());
        self.claim_lost_at = is_lost.then(|| self.claim_lost_at.unwrap_or(now));
    }

    fn new(now: Reading) -> Self {
        Self {
            first_seen: now,
            claim: None,
            claim_lost_at: None,
            accepted: None,
            proven: None,
            attempt: None,
            lookup: None,
            look: None,
            inspection: None,
            end_asked: None,
            written: None,
            failures: 0,
        }
    }
}

/// The claim of an object whose status names no job yet; with a job, nobody asks for the claim any more.
fn open_claim(object: &BatchJob) -> Option<Claim> {
    let has_job = object.status.as_ref().is_some_and(|status| status.job_id.is_some());
    match claimed(object) {
        Claimed::Yes(claim) if !has_job => Some(claim),
        _ => None,
    }
}

/// Resource versions of one resource are numbers that grow (KEP-5504; so it has always been with etcd).
fn is_newer(written: &BatchJob, cached: &BatchJob) -> bool {
    let number = |object: &BatchJob| object.metadata.resource_version.as_deref()?.parse::<u64>().ok();
    match (number(written), number(cached)) {
        (Some(written), Some(cached)) => written > cached,
        _ => false,
    }
}
