//! A crowd of ids that do not exist: what it costs, and that nobody else's jobs are looked at later for it.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_batch_operator::job::{JobId, JobStatus, RemoteJob};
use aws_batch_operator::key::Key;
use aws_batch_operator::moment::Moment;
use aws_batch_operator::plan::{Sighting, VANISHED};
use aws_batch_operator::tracker::{Ask, Listing, Rounds};
use jiff::SignedDuration;
use tokio::time::Instant;

use crate::plan::remote::job;

/// Jobs are described, and never listed.
const NEVER: Listing = Listing { fewest: usize::MAX, fewest_searches: usize::MAX, ..Listing::USUAL };
const INTERVAL: Duration = Duration::from_secs(2);
/// Five reads a second, as by default.
const CALL: Duration = Duration::from_millis(200);

fn key(namespace: &str, n: usize) -> Key {
    Key { namespace: namespace.to_owned(), name: format!("{n:05}"), uid: format!("{namespace}-{n}") }
}

fn id(namespace: &str, n: usize) -> JobId {
    JobId::new(format!("{namespace}-{n}")).unwrap()
}

/// The tracker's loop, and an AWS Batch that knows the ids that begin with `quiet`.
struct Loop {
    rounds: Rounds,
    begun: Instant,
    now: Instant,
    seen: BTreeMap<JobId, Instant>,
    longest: Duration,
    /// Whether AWS has forgotten all jobs.
    is_empty: bool,
}

impl Loop {
    fn new() -> Self {
        let now = Instant::now();
        let seen = BTreeMap::new();
        Self {
            rounds: Rounds::new(INTERVAL, NEVER),
            begun: now,
            now,
            seen,
            longest: Duration::ZERO,
            is_empty: false,
        }
    }

    fn follow(&mut self, namespace: &str, jobs: std::ops::Range<usize>) {
        for n in jobs {
            self.rounds.follow(&key(namespace, n), id(namespace, n));
        }
    }

    /// Makes the calls of `time`. Answers how many there were.
    fn run(&mut self, time: Duration) -> usize {
        let end = self.now + time;
        let mut calls = 0;
        while let Some(due) = self.rounds.due(self.now).filter(|due| *due < end) {
            self.now = self.now.max(due) + CALL;
            let Some(Ask::Describe(call)) = self.rounds.next(self.now) else { continue };
            let is_known = |id: &JobId| !self.is_empty && id.as_str().starts_with("quiet");
            let known: Vec<_> = call.ids().into_iter().filter(is_known).collect();
            calls += 1;
            for id in &known {
                let before = self.seen.insert(id.clone(), self.now);
                self.longest = self.longest.max(before.map_or(Duration::ZERO, |before| self.now - before));
            }
            let jobs = known.into_iter().map(|id| RemoteJob { id, ..job(JobStatus::Running) }).collect();
            let at = Moment(SignedDuration::try_from(self.now - self.begun).unwrap());
            self.rounds.looked(&call, jobs, at);
        }
        self.now = self.now.max(end);
        calls
    }
}

#[test]
fn ten_thousand_ids_that_do_not_exist_hold_up_nobody_and_cost_less_and_less() {
    let mut tracker = Loop::new();
    tracker.follow("quiet", 0..100);
    let alone = tracker.run(Duration::from_mins(1));
    let usual = tracker.longest;
    tracker.follow("crowd", 0..10_000);
    tracker.run(Duration::from_mins(20));
    assert!(tracker.longest <= usual + 2 * CALL, "{:?}, and {usual:?} before they came", tracker.longest);
    let crowd = tracker.run(Duration::from_mins(10)) - 10 * alone;
    assert!(crowd <= 2 * 100 + 10, "{crowd} reads for them in ten minutes: a hundred ids a read, twice");
}

#[test]
fn a_new_job_is_seen_at_once_beside_a_crowd_that_is_new_too() {
    let mut tracker = Loop::new();
    tracker.follow("crowd", 0..10_000);
    tracker.follow("quiet", 0..20);
    tracker.run(CALL * 3);
    assert_eq!(tracker.seen.len(), 20);
}

/// Whoever made the last call, the round and the new jobs share the next one.
#[test]
fn new_jobs_fill_the_calls_of_a_round() {
    for alone in [0, 1] {
        let mut tracker = Loop::new();
        tracker.follow("quiet", 0..50);
        tracker.run(INTERVAL);
        // A job that comes between two rounds has a call to itself.
        tracker.follow("quiet", 50..50 + alone);
        tracker.run(2 * CALL);
        tracker.now = tracker.rounds.due(tracker.now).unwrap();
        tracker.follow("quiet", 50 + alone..100);
        let calls = tracker.run(INTERVAL);
        assert_eq!((tracker.seen.len(), calls), (100, 1), "{alone} came alone");
    }
}

/// For how long the looks have not shown the job.
fn missing(tracker: &Loop, namespace: &str) -> SignedDuration {
    match tracker.rounds.sighting(&key(namespace, 0)) {
        Some(Sighting::Missing { since, until }) => until.since(since),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_missing_job_can_be_judged_after_five_minutes_whether_or_not_it_was_seen() {
    let mut tracker = Loop::new();
    tracker.follow("crowd", 0..10_000);
    tracker.follow("quiet", 0..1);
    tracker.run(Duration::from_mins(30));
    tracker.follow("ghost", 0..1);
    tracker.is_empty = true;
    tracker.run(VANISHED.unsigned_abs() + 4 * INTERVAL);
    for namespace in ["quiet", "ghost"] {
        assert!(missing(&tracker, namespace) >= VANISHED, "{namespace}: {}", missing(&tracker, namespace));
    }
}

#[test]
fn a_job_that_was_seen_is_looked_at_in_every_round_while_it_is_missing() {
    let mut tracker = Loop::new();
    tracker.follow("quiet", 0..1);
    tracker.run(Duration::from_mins(1));
    tracker.is_empty = true;
    let calls = tracker.run(Duration::from_mins(10));
    assert!(calls >= 270, "{calls}: one in each interval");
    tracker.is_empty = false;
    tracker.run(2 * INTERVAL);
    assert!(matches!(tracker.rounds.sighting(&key("quiet", 0)), Some(Sighting::Seen(_))), "it is back");
}
