//! Who follows which job, and what it costs: rounds in time that is counted, against an AWS Batch that is a closure.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::job::{FaultKind, JobId, JobStatus, RemoteJob};
use aws_batch_operator::key::Key;
use aws_batch_operator::moment::Moment;
use aws_batch_operator::plan::Sighting;
use aws_batch_operator::tracker::{Ask, Call, Listing, Rounds};
use jiff::SignedDuration;
use tokio::time::Instant;

use crate::plan::remote::job;

/// Jobs are described, and never listed.
const NEVER: Listing = Listing { fewest: usize::MAX, ..Listing::USUAL };
const INTERVAL: Duration = Duration::from_secs(2);
/// Five reads a second, as by default.
const CALL: Duration = Duration::from_millis(200);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

fn key(n: usize) -> Key {
    Key { namespace: "team".to_owned(), name: format!("{n:05}"), uid: n.to_string() }
}

fn id(n: usize) -> JobId {
    JobId::new(format!("job-{n}")).unwrap()
}

fn rounds_of(jobs: usize) -> Rounds {
    let mut rounds = Rounds::new(INTERVAL, NEVER);
    for n in 0..jobs {
        rounds.follow(&key(n), id(n));
    }
    rounds
}

/// The next call, if there is one.
fn next(rounds: &mut Rounds, now: Instant) -> Option<Call> {
    rounds.next(now).map(|ask| match ask {
        Ask::Describe(call) => call,
        Ask::List(list) => panic!("{list:?}"),
    })
}

fn next_call(rounds: &mut Rounds, now: Instant) -> Call {
    next(rounds, now).expect("a call is due")
}

fn looked(rounds: &mut Rounds, call: &Call, jobs: Vec<RemoteJob>) {
    rounds.looked(call, jobs, Moment::default());
}

/// The tracker's loop.
struct Loop {
    rounds: Rounds,
    now: Instant,
    answered: BTreeMap<JobId, Instant>,
}

impl Loop {
    fn over(jobs: usize) -> Self {
        Self { rounds: rounds_of(jobs), now: Instant::now(), answered: BTreeMap::new() }
    }

    /// Makes the calls of `time`; `fault` is told the ids of each. Answers how many ids each call had.
    fn run(&mut self, time: Duration, fault: impl Fn(&[JobId]) -> Option<FaultKind>) -> Vec<usize> {
        let end = self.now + time;
        let mut sizes = Vec::new();
        while let Some(due) = self.rounds.due(self.now).filter(|due| *due < end) {
            self.now = self.now.max(due) + CALL;
            let Some(call) = next(&mut self.rounds, self.now) else { continue };
            let ids = call.ids();
            sizes.push(ids.len());
            if let Some(kind) = fault(&ids) {
                self.rounds.failed(call, kind, self.now);
            } else {
                let jobs = ids.iter().map(|id| RemoteJob { id: id.clone(), ..job(JobStatus::Running) });
                looked(&mut self.rounds, &call, jobs.collect());
                self.answered.extend(ids.into_iter().map(|id| (id, self.now)));
            }
        }
        self.now = self.now.max(end);
        sizes
    }

    /// The jobs among `jobs` of which AWS has not told within `time`.
    fn stale(&self, jobs: usize, time: Duration) -> Vec<usize> {
        let is_fresh = |n: &usize| self.answered.get(&id(*n)).is_some_and(|at| *at + time >= self.now);
        (0..jobs).filter(|n| !is_fresh(n)).collect()
    }
}

/// An AWS that fails every call with one of these jobs in it.
fn spoilt_by(bad: &[usize], kind: FaultKind) -> impl Fn(&[JobId]) -> Option<FaultKind> {
    let bad: Vec<_> = bad.iter().map(|n| id(*n)).collect();
    move |ids| ids.iter().any(|id| bad.contains(id)).then_some(kind)
}

#[test]
fn two_objects_may_follow_one_job() {
    let (mut rounds, job) = (Rounds::new(INTERVAL, NEVER), job(JobStatus::Running));
    let keys = ["owner", "adopter"].map(|name| Key {
        namespace: "team".to_owned(),
        name: name.to_owned(),
        uid: name.to_owned(),
    });
    for key in &keys {
        rounds.follow(key, job.id.clone());
    }
    let call = next_call(&mut rounds, Instant::now());
    looked(&mut rounds, &call, vec![job.clone()]);
    for key in &keys {
        assert_eq!(rounds.sighting(key), Some(Sighting::Seen(Arc::new(job.clone()))), "{}", key.name);
    }
}

#[test]
fn n_jobs_cost_a_hundredth_of_n_calls_a_round() {
    for (jobs, calls) in [(1, 1), (100, 1), (101, 2), (1000, 10)] {
        let mut rounds = rounds_of(jobs);
        let now = Instant::now();
        let mut made = 0;
        while rounds.due(now) == Some(now) {
            made += usize::from(next(&mut rounds, now).is_some());
        }
        assert_eq!(made, calls, "{jobs} jobs");
        assert_eq!(rounds.due(now), Some(now + INTERVAL));
    }
}

#[test]
fn a_new_job_joins_the_round_that_is_under_way() {
    let mut rounds = rounds_of(150);
    let now = Instant::now();
    next_call(&mut rounds, now);
    rounds.follow(&key(999), id(999));
    assert!(next_call(&mut rounds, now).contains(&(key(999), id(999))));
}

#[test]
fn a_job_that_is_forgotten_costs_nothing() {
    let mut rounds = rounds_of(1);
    rounds.forget(&key(0));
    assert_eq!(rounds.due(Instant::now()), None);
}

#[test]
fn jobs_that_spoil_their_call_hide_no_other() {
    for kind in [FaultKind::Unclear, FaultKind::Denied, FaultKind::Refused] {
        for (jobs, bad) in [(2, vec![0]), (60, vec![42]), (60, vec![5, 50]), (250, vec![7, 99, 142])] {
            let mut tracker = Loop::over(jobs);
            tracker.run(5 * MINUTE, spoilt_by(&bad, kind));
            assert_eq!(tracker.stale(jobs, 5 * INTERVAL), bad, "{kind:?}, {jobs} jobs");
        }
    }
}

#[test]
fn an_answer_that_is_too_large_is_asked_for_in_parts() {
    let mut tracker = Loop::over(300);
    tracker.run(10 * MINUTE, |ids| (ids.len() > 30).then_some(FaultKind::Unclear));
    assert_eq!(tracker.stale(300, 6 * MINUTE), [0; 0]);
}

#[test]
fn an_outage_multiplies_no_calls() {
    let most = usize::try_from(HOUR.as_secs() / 30).unwrap() + 10;
    for kind in [
        FaultKind::Unclear,
        FaultKind::Denied,
        FaultKind::Throttled,
        FaultKind::NotSent,
        FaultKind::NoCredentials,
        FaultKind::Refused,
    ] {
        for jobs in [100, 1_000] {
            let mut tracker = Loop::over(jobs);
            tracker.run(MINUTE, |_| None);
            let calls = tracker.run(HOUR, |_| Some(kind)).len();
            assert!(calls <= most, "{kind:?}, {jobs} jobs: {calls} calls in an hour");
            let after = tracker.run(MINUTE, |_| None);
            assert_eq!(tracker.stale(jobs, 3 * INTERVAL), [0; 0], "{kind:?}, {jobs} jobs");
            let parts = after.iter().filter(|size| **size != 100).count();
            assert!(parts <= 3, "{kind:?}, {jobs} jobs: {parts} calls for less than a hundred");
        }
    }
}

#[test]
fn an_outage_of_every_job_is_over_six_minutes_after_its_end() {
    let all_jobs = |kind| move |ids: &[JobId]| (*ids != [JobId::nobody()]).then_some(kind);
    for kind in [FaultKind::Unclear, FaultKind::Denied] {
        let mut tracker = Loop::over(1_000);
        let calls = tracker.run(3 * HOUR, all_jobs(kind)).len();
        assert!(calls <= 2 * 3 * 130, "{kind:?}: {calls} calls in three hours");
        tracker.run(6 * MINUTE, |_| None);
        assert_eq!(tracker.stale(1_000, 5 * INTERVAL), [0; 0], "{kind:?}");
    }
}

#[test]
fn an_id_that_aws_refuses_costs_a_call_in_five_minutes() {
    let mut tracker = Loop::over(150);
    // Two objects may name one.
    tracker.rounds.follow(&key(150), id(42));
    let refuse = spoilt_by(&[42], FaultKind::Refused);
    let all = tracker.run(HOUR, &refuse);
    let alone = all.iter().filter(|size| **size < 49).count();
    assert!(alone <= 14 + 14 + 17, "{alone} calls for parts in the first hour");
    let alone = tracker.run(HOUR, &refuse).iter().filter(|size| **size < 49).count();
    assert!((12..=13).contains(&alone), "{alone} calls for the one in the second hour");
    assert_eq!(tracker.stale(150, 2 * INTERVAL), [42]);
    tracker.run(5 * MINUTE + INTERVAL, |_| None);
    let alone = tracker.run(MINUTE, |_| None).iter().filter(|size| **size < 49).count();
    assert_eq!((alone, tracker.stale(150, 2 * INTERVAL)), (0, vec![]), "back among the others");
}

#[test]
fn a_crowd_that_aws_refuses_neither_hides_the_others_nor_returns_one_by_one() {
    let bad: Vec<_> = (0..600).step_by(2).collect();
    let mut tracker = Loop::over(600);
    tracker.run(20 * MINUTE, spoilt_by(&bad, FaultKind::Refused));
    assert_eq!(tracker.stale(600, 3 * INTERVAL), bad);
    let alone = tracker.run(10 * MINUTE, spoilt_by(&bad, FaultKind::Refused));
    let alone = alone.iter().filter(|size| **size == 1).count();
    assert!(alone <= 301, "{alone} calls for the crowd: one an interval");
    let calls = tracker.run(5 * MINUTE, |_| None);
    assert_eq!(tracker.stale(600, 2 * INTERVAL), [0; 0]);
    let rounds = 5 * 60 / 2 * 6;
    assert!(calls.len() <= rounds + 50, "{} calls", calls.len());
}

#[test]
fn an_id_that_was_set_aside_is_forgotten_with_its_last_object() {
    let mut tracker = Loop::over(1);
    tracker.run(MINUTE, spoilt_by(&[0], FaultKind::Refused));
    tracker.rounds.follow(&key(1), id(0));
    tracker.rounds.forget(&key(0));
    let refused = tracker.run(10 * MINUTE, spoilt_by(&[0], FaultKind::Refused)).len();
    assert!((1..=6).contains(&refused), "{refused} calls");
    tracker.rounds.keep(|_| false);
    tracker.rounds.follow(&key(2), id(0));
    tracker.run(2 * INTERVAL, |_| None);
    assert_eq!(tracker.stale(1, 2 * INTERVAL), [0; 0], "asked at once");
}

#[test]
fn no_change_wakes_nobody() {
    let mut rounds = rounds_of(2);
    let call = next_call(&mut rounds, Instant::now());
    let (since, until) = (Moment::default(), Moment::default() + SignedDuration::from_secs(9));
    assert_eq!(rounds.looked(&call, vec![], since).len(), 2);
    assert_eq!(rounds.looked(&call, vec![], until).len(), 0);
    assert_eq!(rounds.sighting(&key(0)), Some(Sighting::Missing { since, until }));
}

#[test]
fn an_answer_about_another_job_of_the_object_is_not_taken() {
    let mut rounds = rounds_of(1);
    let call = next_call(&mut rounds, Instant::now());
    rounds.follow(&key(0), id(7));
    assert_eq!(rounds.looked(&call, vec![], Moment::default()), vec![]);
}
