//! Which ids to look at next. Goes round all followed jobs, a hundred a call: N jobs cost ceil(N/100) calls a round, and
//! a round begins no sooner than the poll interval after the last. Pure: time is an argument.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use crate::batch::{DESCRIBE_MAX, JobId, RemoteJob};
use crate::key::Key;
use crate::moment::Moment;
use crate::plan::Sighting;

/// The jobs of one DescribeJobs.
pub type Call = Vec<(Key, JobId)>;

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
    followed: BTreeMap<Key, Followed>,
    pending: VecDeque<Key>,
    parts: Vec<Call>,
    begun: Option<Instant>,
}

impl Rounds {
    /// No jobs yet; rounds at least `interval` apart.
    pub fn new(interval: Duration) -> Self {
        Self { interval, followed: BTreeMap::new(), pending: VecDeque::new(), parts: Vec::new(), begun: None }
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

    /// Forgets the jobs of all other objects.
    pub fn keep(&mut self, is_kept: impl Fn(&Key) -> bool) {
        self.followed.retain(|key, _| is_kept(key));
    }

    /// What was seen last of the job of `key`.
    pub fn sighting(&self, key: &Key) -> Option<Sighting> {
        self.followed.get(key)?.sighting.clone()
    }

    /// How many jobs are followed.
    pub fn count(&self) -> usize {
        self.followed.len()
    }

    /// When the next call is due; `None` while nothing is followed.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        if self.followed.is_empty() {
            return None;
        }
        if !self.pending.is_empty() || !self.parts.is_empty() {
            return Some(now);
        }
        Some(self.begun.map_or(now, |begun| begun + self.interval))
    }

    /// The jobs of the next call.
    pub fn next_call(&mut self, now: Instant) -> Call {
        if let Some(part) = self.parts.pop() {
            return part;
        }
        if self.pending.is_empty() {
            self.pending = self.followed.keys().cloned().collect();
            self.begun = Some(now);
        }
        let mut call = Vec::with_capacity(DESCRIBE_MAX);
        while call.len() < DESCRIBE_MAX {
            let Some(key) = self.pending.pop_front() else {
                break;
            };
            if let Some(followed) = self.followed.get(&key) {
                call.push((key, followed.id.clone()));
            }
        }
        call
    }

    /// Looks at the halves of a call that AWS refused.
    pub fn split(&mut self, mut call: Call) {
        let half = call.split_off(call.len() / 2);
        self.parts.extend([call, half]);
    }

    /// Takes in an answer. Returns whose situation it changed.
    pub fn looked(&mut self, call: &[(Key, JobId)], answer: Vec<RemoteJob>, at: Moment) -> Vec<Key> {
        let jobs: HashMap<JobId, RemoteJob> = answer.into_iter().map(|job| (job.id.clone(), job)).collect();
        let mut changed = Vec::new();
        for (key, id) in call {
            let Some(followed) = self.followed.get_mut(key).filter(|followed| followed.id == *id) else {
                continue;
            };
            // Two objects may follow one job: an adoption may be waiting for the other to go.
            let sighting = match (jobs.get(id), &followed.sighting) {
                (Some(job), _) => Sighting::Seen(Box::new(job.clone())),
                (None, Some(Sighting::Missing { since, .. })) => {
                    Sighting::Missing { since: *since, until: at }
                }
                (None, _) => Sighting::Missing { since: at, until: at },
            };
            if is_news(followed.sighting.as_ref(), &sighting) {
                changed.push(key.clone());
            }
            followed.sighting = Some(sighting);
        }
        changed
    }
}

/// One more look without the job is none: who waits for the end of that wakes by itself.
fn is_news(before: Option<&Sighting>, now: &Sighting) -> bool {
    match (before, now) {
        (Some(Sighting::Missing { .. }), Sighting::Missing { .. }) => false,
        (before, now) => before != Some(now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: usize) -> Key {
        Key { namespace: "team".to_owned(), name: n.to_string(), uid: n.to_string() }
    }

    fn id(n: usize) -> JobId {
        JobId::new(format!("job-{n}")).unwrap()
    }

    fn rounds_of(jobs: usize) -> Rounds {
        let mut rounds = Rounds::new(Duration::from_secs(2));
        for n in 0..jobs {
            rounds.follow(&key(n), id(n));
        }
        rounds
    }

    #[test]
    fn n_jobs_cost_a_hundredth_of_n_calls_a_round() {
        for (jobs, calls) in [(1, 1), (100, 1), (101, 2), (1000, 10)] {
            let mut rounds = rounds_of(jobs);
            let now = Instant::now();
            let mut made = 0;
            while rounds.due(now) == Some(now) {
                rounds.next_call(now);
                made += 1;
            }
            assert_eq!(made, calls, "{jobs} jobs");
            assert_eq!(rounds.due(now), Some(now + Duration::from_secs(2)));
        }
    }

    #[test]
    fn a_new_job_joins_the_round_that_is_under_way() {
        let mut rounds = rounds_of(150);
        let now = Instant::now();
        rounds.next_call(now);
        rounds.follow(&key(999), id(999));
        assert!(rounds.next_call(now).contains(&(key(999), id(999))));
    }

    #[test]
    fn no_change_wakes_nobody() {
        let mut rounds = rounds_of(2);
        let call = rounds.next_call(Instant::now());
        let at = Moment::default();
        assert_eq!(rounds.looked(&call, vec![], at).len(), 2);
        assert_eq!(rounds.looked(&call, vec![], at + jiff::SignedDuration::from_secs(9)).len(), 0);
        assert_eq!(
            rounds.sighting(&key(0)),
            Some(Sighting::Missing { since: at, until: at + jiff::SignedDuration::from_secs(9) })
        );
    }

    #[test]
    fn a_refused_call_is_split_until_the_one_is_found() {
        let mut rounds = rounds_of(100);
        let now = Instant::now();
        let mut calls = 0;
        while rounds.due(now) == Some(now) {
            let call = rounds.next_call(now);
            calls += 1;
            match call.contains(&(key(42), id(42))) {
                true if call.len() > 1 => rounds.split(call),
                true => {}
                false => drop(rounds.looked(&call, vec![], Moment::default())),
            }
        }
        assert!(calls <= 15, "{calls}");
        let seen = (0..100).filter(|n| rounds.sighting(&key(*n)).is_some()).count();
        assert_eq!(seen, 99, "all but the one");
    }

    #[test]
    fn a_job_that_is_forgotten_costs_nothing() {
        let mut rounds = rounds_of(1);
        rounds.forget(&key(0));
        assert_eq!(rounds.due(Instant::now()), None);
    }

    #[test]
    fn an_answer_about_another_job_of_the_object_is_not_taken() {
        let mut rounds = rounds_of(1);
        let call = rounds.next_call(Instant::now());
        rounds.follow(&key(0), id(7));
        assert_eq!(rounds.looked(&call, vec![], Moment::default()), vec![]);
    }
}
