//! Ids that make every call fail: any user may write such an id into a status. Each id is read apart from the others,
//! less and less often, until AWS answers for it. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use crate::aws::DESCRIBE_MAX;
use crate::job::JobId;
use crate::key::Key;

/// The pause after the first failure. Each further failure doubles it.
const PAUSE_FIRST: Duration = Duration::from_secs(5);
const PAUSE_MAX: Duration = Duration::from_mins(5);

/// One id, and the objects that name it.
#[derive(Debug)]
struct Spoiler {
    keys: BTreeSet<Key>,
    pause: Duration,
    due: Instant,
}

/// The ids that were set aside. At most one of their calls fails per `interval`, whatever their number.
#[derive(Debug)]
pub struct Aside {
    interval: Duration,
    ids: BTreeMap<JobId, Spoiler>,
    not_before: Option<Instant>,
    room: usize,
}

impl Aside {
    pub fn new(interval: Duration) -> Self {
        Self { interval, ids: BTreeMap::new(), not_before: None, room: 1 }
    }

    /// Sets aside `id`, which the object of `key` names.
    pub fn add(&mut self, key: &Key, id: &JobId, now: Instant) {
        let new = || Spoiler { keys: BTreeSet::new(), pause: PAUSE_FIRST, due: now + PAUSE_FIRST };
        self.ids.entry(id.clone()).or_insert_with(new).keys.insert(key.clone());
    }

    /// Whether `id` is set aside.
    pub fn holds(&self, id: &JobId) -> bool {
        self.ids.contains_key(id)
    }

    /// Adds the object of `key` to the objects that wait for `id`, if `id` is set aside.
    pub fn join(&mut self, key: &Key, id: &JobId) {
        if let Some(spoiler) = self.ids.get_mut(id) {
            spoiler.keys.insert(key.clone());
        }
    }

    /// Forgets that the object of `key` names `id`.
    pub fn forget(&mut self, key: &Key, id: &JobId) {
        if let Some(spoiler) = self.ids.get_mut(id) {
            spoiler.keys.remove(key);
            if spoiler.keys.is_empty() {
                self.ids.remove(id);
            }
        }
    }

    /// When the next look is due.
    pub fn due(&self) -> Option<Instant> {
        let first = self.ids.values().map(|spoiler| spoiler.due).min()?;
        Some(self.not_before.map_or(first, |at| first.max(at)))
    }

    /// The jobs to look at now. Ids with the fewest failures come first, so that hopeless ids do not delay the others.
    pub fn next(&mut self, now: Instant) -> Vec<(Key, JobId)> {
        if self.not_before.is_some_and(|at| now < at) {
            return Vec::new();
        }
        let mut due: Vec<_> = self.ids.iter().filter(|(_, spoiler)| spoiler.due <= now).collect();
        due.sort_by_key(|(_, spoiler)| (spoiler.pause, spoiler.due));
        let asked = due.into_iter().take(self.room);
        asked.flat_map(|(id, spoiler)| spoiler.keys.iter().map(|key| (key.clone(), id.clone()))).collect()
    }

    /// AWS has answered for these jobs. The next call takes twice as many: after an incident many ids are good again.
    pub fn answered(&mut self, jobs: &[(Key, JobId)]) {
        let before = self.ids.len();
        for (_, id) in jobs {
            self.ids.remove(id);
        }
        if self.ids.len() < before {
            self.room = (self.room * 2).min(DESCRIBE_MAX);
            self.not_before = None;
        }
    }

    /// A call failed; `is_about_ids`: its ids may be the reason. The next call takes one id, to find the bad one.
    pub fn failed(&mut self, ids: &[JobId], is_about_ids: bool, now: Instant) {
        self.not_before = Some(now + self.interval);
        self.room = 1;
        if let ([id], true) = (ids, is_about_ids)
            && let Some(spoiler) = self.ids.get_mut(id)
        {
            spoiler.pause = (spoiler.pause * 2).min(PAUSE_MAX);
            spoiler.due = now + spoiler.pause;
        }
    }
}
