//! Which job queues to look at, and when: the queues of objects whose submission AWS refused. No SubmitJob is then
//! spent to learn whether a queue exists again. Pure: time is an argument.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Duration;

use tokio::time::Instant;

use crate::aws::{QUEUES_MAX, Queue};
use crate::job::FaultKind;
use crate::key::Key;
use crate::moment::Moment;
use crate::plan::QueueSight;

/// The pause between two looks at one queue.
const INTERVAL: Duration = Duration::from_secs(15);
/// The pause between two calls. It is shorter than the pause before the next SubmitJob, so a new queue is read first.
const GAP: Duration = Duration::from_secs(2);
/// The pause after AWS has denied a call.
const DENIED: Duration = Duration::from_mins(5);
/// Results are forgotten when AWS has not answered for this time.
const SILENT: Duration = Duration::from_mins(5);
/// The longest pause for a name that AWS refuses.
const ALONE_MAX: Duration = Duration::from_hours(1);

/// One queue.
#[derive(Debug)]
struct Probed {
    /// The objects that name it, by namespace.
    keys: BTreeMap<String, BTreeSet<Key>>,
    sight: Option<QueueSight>,
    asked: Option<Instant>,
    due: Instant,
    /// How often in a row AWS has refused a call for this queue. Such a queue may spoil a call for others, so it is
    /// read alone.
    refusals: u32,
}

/// All queues that objects wait for.
#[derive(Debug, Default)]
pub struct Probes {
    queues: BTreeMap<String, Probed>,
    named: HashMap<Key, String>,
    not_before: Option<Instant>,
    answered: Option<Instant>,
    was_alone: bool,
}

impl Probes {
    /// The object of `key` waits for this queue; `None`: for none.
    pub fn watch(&mut self, key: &Key, queue: Option<&str>, now: Instant) {
        if self.named.get(key).map(String::as_str) == queue {
            return;
        }
        self.forget(key);
        let Some(queue) = queue else { return };
        self.named.insert(key.clone(), queue.to_owned());
        let new = || Probed { keys: BTreeMap::new(), sight: None, asked: None, due: now, refusals: 0 };
        let probed = self.queues.entry(queue.to_owned()).or_insert_with(new);
        probed.keys.entry(key.namespace.clone()).or_default().insert(key.clone());
    }

    /// The object of `key` no longer waits.
    pub fn forget(&mut self, key: &Key) {
        let Some(queue) = self.named.remove(key) else { return };
        let Some(probed) = self.queues.get_mut(&queue) else { return };
        if let Some(keys) = probed.keys.get_mut(&key.namespace) {
            keys.remove(key);
            if keys.is_empty() {
                probed.keys.remove(&key.namespace);
            }
        }
        if probed.keys.is_empty() {
            self.queues.remove(&queue);
        }
    }

    /// Forgets all other objects.
    pub fn keep(&mut self, is_kept: impl Fn(&Key) -> bool) {
        let gone: Vec<_> = self.named.keys().filter(|key| !is_kept(key)).cloned().collect();
        for key in &gone {
            self.forget(key);
        }
    }

    /// The latest result for the queue of the object of `key`.
    pub fn sight(&self, key: &Key) -> Option<QueueSight> {
        self.queues.get(self.named.get(key)?)?.sight
    }

    /// When the next call is due; `None`: no object waits.
    pub fn due(&self) -> Option<Instant> {
        let first = self.queues.values().map(|probed| probed.due).min()?;
        Some(self.not_before.map_or(first, |at| first.max(at)))
    }

    /// The queues to look at now. Without queues there is no call to make.
    pub fn next(&mut self, now: Instant) -> Vec<String> {
        if self.due().is_none_or(|due| due > now) {
            return Vec::new();
        }
        let turns = if self.was_alone { [false, true] } else { [true, false] };
        let (is_alone, mut names) = turns
            .map(|is_alone| (is_alone, self.in_turn(is_alone, now)))
            .into_iter()
            .find(|(_, names)| !names.is_empty())
            .unwrap_or_default();
        names.truncate(if is_alone { 1 } else { QUEUES_MAX });
        self.was_alone = is_alone;
        self.not_before = Some(now + GAP);
        for name in &names {
            if let Some(probed) = self.queues.get_mut(name) {
                (probed.asked, probed.due) = (Some(now), now + INTERVAL);
            }
        }
        names
    }

    /// The queues that are read alone, or the others. Due queues come first, then namespaces take turns, each with its
    /// longest unread queue first. Empty if no queue is due.
    fn in_turn(&self, is_alone: bool, now: Instant) -> Vec<String> {
        let wanted = || self.queues.iter().filter(|(_, probed)| (probed.refusals > 0) == is_alone);
        if wanted().all(|(_, probed)| probed.due > now) {
            return Vec::new();
        }
        let mut rows: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for (name, probed) in wanted() {
            for namespace in probed.keys.keys() {
                rows.entry(namespace).or_default().push((probed.due > now, probed.asked, name));
            }
        }
        let mut places = Vec::new();
        for mut row in rows.into_values() {
            row.sort_unstable();
            let row = row.into_iter().enumerate();
            places.extend(row.map(|(place, (waits, asked, name))| (waits, place, asked, name)));
        }
        places.sort_unstable();
        let mut seen = HashSet::new();
        places.into_iter().map(|(.., name)| name).filter(|name| seen.insert(*name)).cloned().collect()
    }

    /// Records an answer. Returns the objects whose queue takes jobs now.
    pub fn answered(&mut self, names: &[String], answer: &[Queue], at: Moment, now: Instant) -> Vec<Key> {
        self.answered = Some(now);
        let open = answer.iter().filter(|queue| queue.takes_jobs);
        let open: HashSet<&str> = open.flat_map(|queue| [queue.name.as_str(), queue.arn.as_str()]).collect();
        let mut woken = Vec::new();
        for name in names {
            let Some(probed) = self.queues.get_mut(name) else { continue };
            probed.refusals = 0;
            if probed.see(open.contains(name.as_str()), at) {
                woken.extend(probed.keys.values().flatten().cloned());
            }
        }
        woken
    }

    /// Records a failed call. Returns the objects whose queue is now unknown.
    pub fn failed(&mut self, names: &[String], kind: FaultKind, at: Moment, now: Instant) -> Vec<Key> {
        match kind {
            FaultKind::Refused => {
                self.refused(names, at, now);
                Vec::new()
            }
            _ if !kind.passes_by_itself() => {
                self.not_before = Some(now + DENIED);
                self.forget_sights()
            }
            _ => {
                self.not_before = Some(now + INTERVAL);
                let is_silent = self.answered.is_some_and(|at| at + SILENT <= now);
                if is_silent { self.forget_sights() } else { Vec::new() }
            }
        }
    }

    /// One of several names may be the reason. A name that is refused alone is the reason: AWS has no such queue.
    fn refused(&mut self, names: &[String], at: Moment, now: Instant) {
        for name in names {
            let Some(probed) = self.queues.get_mut(name) else { continue };
            if names.len() > 1 {
                (probed.refusals, probed.due) = (1, now);
            } else {
                probed.due = now + (INTERVAL * 2u32.pow(probed.refusals.min(8))).min(ALONE_MAX);
                probed.refusals += 1;
                probed.see(false, at);
            }
        }
    }

    fn forget_sights(&mut self) -> Vec<Key> {
        self.answered = None;
        let seen = self.queues.values_mut().filter_map(|probed| probed.sight.take().map(|_| &probed.keys));
        seen.flat_map(BTreeMap::values).flatten().cloned().collect()
    }
}

impl Probed {
    /// Records a result. Returns whether the queue has begun to take jobs, as far as is known.
    fn see(&mut self, takes_jobs: bool, at: Moment) -> bool {
        if self.sight.is_some_and(|sight| sight.takes_jobs == takes_jobs) {
            return false;
        }
        self.sight = Some(QueueSight { takes_jobs, since: at, has_changed: self.sight.is_some() });
        takes_jobs
    }
}
