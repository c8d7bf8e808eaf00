//! Which ids to look at next. Goes round all followed jobs, a hundred a call: N jobs cost ceil(N/100) calls a round, and
//! a round begins no sooner than the poll interval after the last. Pure: time is an argument.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::batch::{DESCRIBE_MAX, JobId, RemoteJob};
use crate::key::Key;
use crate::plan::Sighting;

/// A job that is followed, and what was seen of it last.
#[derive(Debug)]
struct Followed {
    id: JobId,
    sighting: Option<Sighting>,
}

/// All followed jobs, and those of this round that are still to be looked at.
#[derive(Debug)]
pub struct Rounds {
    interval: Duration,
    followed: HashMap<Key, Followed>,
    pending: VecDeque<Key>,
    begun: Option<Instant>,
}

impl Rounds {
    /// No jobs yet; rounds at least `interval` apart.
    pub fn new(interval: Duration) -> Self {
        Self {
            interval,
            followed: HashMap::new(),
            pending: VecDeque::new(),
            begun: None,
        }
    }

    /// Follows the job of `key` from now on. True when it is new.
    pub fn follow(&mut self, key: &Key, id: JobId) -> bool {
        if self.followed.get(key).is_some_and(|followed| followed.id == id) {
            return false;
        }
        let is_underway = !self.pending.is_empty();
        self.followed.insert(key.clone(), Followed { id, sighting: None });
        if is_underway {
            self.pending.push_front(key.clone());
        }
        true
    }

    /// Forgets the job of `key`.
    pub fn forget(&mut self, key: &Key) {
        self.followed.remove(key);
    }

    /// What was seen last of the job of `key`.
    pub fn sighting(&self, key: &Key) -> Option<Sighting> {
        self.followed.get(key)?.sighting.clone()
    }

    /// How many jobs are followed.
    pub fn len(&self) -> usize {
        self.followed.len()
    }

    /// When the next call is due; `None` while nothing is followed.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        if self.followed.is_empty() {
            return None;
        }
        if !self.pending.is_empty() {
            return Some(now);
        }
        Some(self.begun.map_or(now, |begun| begun + self.interval))
    }

    /// The jobs of the next call.
    pub fn next_call(&mut self, now: Instant) -> Vec<(Key, JobId)> {
        if self.pending.is_empty() {
            self.pending = self.followed.keys().cloned().collect();
            self.begun = Some(now);
        }
        let mut call = Vec::with_capacity(DESCRIBE_MAX);
        while call.len() < DESCRIBE_MAX {
            let Some(key) = self.pending.pop_front() else { break };
            if let Some(followed) = self.followed.get(&key) {
                call.push((key, followed.id.clone()));
            }
        }
        call
    }

    /// Takes in an answer. Returns whose situation it changed.
    pub fn looked(&mut self, call: &[(Key, JobId)], answer: Vec<RemoteJob>, at: Timestamp) -> Vec<Key> {
        let mut jobs: HashMap<JobId, RemoteJob> = answer.into_iter().map(|job| (job.id.clone(), job)).collect();
        let mut changed = Vec::new();
        for (key, id) in call {
            let Some(followed) = self.followed.get_mut(key).filter(|followed| followed.id == *id) else {
                continue;
            };
            let sighting = match (jobs.remove(id), &followed.sighting) {
                (Some(job), _) => Sighting::Seen(Box::new(job)),
                (None, Some(Sighting::Missing { since })) => Sighting::Missing { since: *since },
                (None, _) => Sighting::Missing { since: at },
            };
            if followed.sighting.as_ref() != Some(&sighting) {
                followed.sighting = Some(sighting);
                changed.push(key.clone());
            }
        }
        changed
    }
}
