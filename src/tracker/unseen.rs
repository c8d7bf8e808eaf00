//! Jobs that AWS has never described. New jobs are looked at at once, missing jobs less and less often. Any user may
//! name ids that do not exist, and these must not delay other jobs. FairKeys between namespaces. Pure.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use tokio::time::Instant;

use crate::fair::FairKeys;
use crate::key::Key;
use crate::plan::VANISHED;

/// The longest pause between two looks at a job that is missing.
const PAUSE_MAX: Duration = Duration::from_mins(5);

/// The pause after a look is this part of the time for which the job has been missing.
const PART: u32 = 4;

/// The jobs that wait for a look, now or later.
#[derive(Debug)]
pub struct Unseen {
    interval: Duration,
    queue: FairKeys,
    later: BTreeSet<(Instant, Key)>,
    due: HashMap<Key, Instant>,
}

impl Unseen {
    /// Empty. Two looks at one job are at least `interval` apart.
    pub fn new(interval: Duration) -> Self {
        Self { interval, queue: FairKeys::default(), later: BTreeSet::new(), due: HashMap::new() }
    }

    /// Adds a new job. Its look comes with the next turn of its namespace.
    pub fn add(&mut self, key: &Key) {
        self.forget(key);
        self.queue.join(key.clone());
    }

    /// A look at `now` did not show the job, nor did any look for `age`. The next look is at the latest when the
    /// planner judges a missing job.
    pub fn missed(&mut self, key: &Key, age: Duration, now: Instant) {
        let until_judged = VANISHED.unsigned_abs().checked_sub(age).filter(|left| !left.is_zero());
        let pause = (age / PART).min(PAUSE_MAX).min(until_judged.unwrap_or(PAUSE_MAX));
        self.schedule(key, now + pause.max(self.interval));
    }

    /// Forgets the job: AWS has described it, or no object follows it.
    pub fn forget(&mut self, key: &Key) {
        self.queue.leave(key);
        if let Some(at) = self.due.remove(key) {
            self.later.remove(&(at, key.clone()));
        }
    }

    /// When the next look is due.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        if self.queue.is_empty() { self.later.first().map(|(at, _)| *at) } else { Some(now) }
    }

    /// Takes the next job. If no answer comes, the job is due again after the interval.
    pub fn next(&mut self, now: Instant) -> Option<Key> {
        while self.later.first().is_some_and(|(at, _)| *at <= now)
            && let Some((_, key)) = self.later.pop_first()
        {
            self.due.remove(&key);
            self.queue.join(key);
        }
        let key = self.queue.pop()?;
        self.schedule(&key, now + self.interval);
        Some(key)
    }

    fn schedule(&mut self, key: &Key, at: Instant) {
        self.forget(key);
        self.due.insert(key.clone(), at);
        self.later.insert((at, key.clone()));
    }
}
