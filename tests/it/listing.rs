//! Jobs that are followed by lists of their queue: what a round costs, and what it shows, against an AWS Batch that keeps
//! its jobs in a map.

mod delays;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_batch_operator::aws::Page;
use aws_batch_operator::clock::Clock;
use aws_batch_operator::job::{Fault, FaultKind, JobId, JobStatus, RemoteJob};
use aws_batch_operator::key::Key;
use aws_batch_operator::moment::Moment;
use aws_batch_operator::plan::Sighting;
use aws_batch_operator::tracker::{Ask, List, Listing, Rounds, Tracker};
use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, timeout};

use crate::plan::remote::job;
use crate::port::{Port, Service};

const INTERVAL: Duration = Duration::from_secs(2);
/// Five reads a second, as by default.
const CALL: Duration = Duration::from_millis(200);
const MINUTE: Duration = Duration::from_mins(1);
/// Jobs on a page of a list.
const PAGE: usize = 1_000;

fn key(n: usize) -> Key {
    Key { namespace: "team".to_owned(), name: format!("{n:05}"), uid: n.to_string() }
}

fn id(n: usize) -> JobId {
    JobId::new(format!("job-{n:06}")).unwrap()
}

/// Number 0 is the newest.
fn created(n: usize, status: JobStatus) -> RemoteJob {
    let created_at = Timestamp::UNIX_EPOCH - SignedDuration::from_secs(i64::try_from(n).unwrap());
    RemoteJob { id: id(n), created_at: Some(created_at), ..job(status) }
}

/// The tracker's loop, and the jobs of one queue.
struct Loop {
    rounds: Rounds,
    now: Instant,
    jobs: BTreeMap<JobId, RemoteJob>,
    /// Why lists fail, if they do.
    fault: Option<FaultKind>,
    /// How many lists and how many descriptions there were.
    lists: usize,
    describes: usize,
    /// When each job was described last.
    described: BTreeMap<JobId, Instant>,
}

impl Loop {
    /// So many jobs that are followed and run, all described once, and so many of others.
    fn over(own: usize, foreign: usize) -> Self {
        let jobs = (0..own + foreign).map(|n| (id(n), created(n, JobStatus::Running))).collect();
        let mut rounds = Rounds::new(INTERVAL, Listing::USUAL);
        (0..own).for_each(|n| _ = rounds.follow(&key(n), id(n)));
        let mut each = Self {
            rounds,
            now: Instant::now(),
            jobs,
            fault: None,
            lists: 0,
            describes: 0,
            described: BTreeMap::new(),
        };
        while each.described.len() < own {
            each.step();
        }
        (each.lists, each.describes) = (0, 0);
        each
    }

    /// The next call, when it is due.
    fn step(&mut self) {
        let due = self.rounds.due(self.now).unwrap();
        self.now = self.now.max(due) + CALL;
        match self.rounds.next(self.now) {
            Some(Ask::List(list)) => {
                self.lists += 1;
                let page = self.fault.map_or_else(|| Ok(self.page(&list)), Err);
                self.rounds.listed(page, self.now);
            }
            Some(Ask::Describe(call)) => {
                self.describes += 1;
                let ids = call.ids();
                let told = ids.iter().filter_map(|id| self.jobs.get(id).cloned()).collect();
                self.described.extend(ids.into_iter().map(|id| (id, self.now)));
                self.rounds.looked(&call, told, Moment::default());
            }
            None => {}
        }
    }

    fn page(&self, list: &List) -> Page {
        let from = list.page.as_ref().map_or(0, |page| page.parse().unwrap());
        let mut listed = self.jobs.values().filter(|job| job.status == list.state).skip(from);
        let jobs = listed.by_ref().take(PAGE).map(RemoteJob::summary).collect();
        Page { jobs, next: listed.next().map(|_| (from + PAGE).to_string()) }
    }

    fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.step();
        }
    }

    fn set(&mut self, n: usize, status: JobStatus) {
        self.jobs.insert(id(n), created(n, status));
    }

    fn forget(&mut self, n: usize) {
        self.rounds.forget(&key(n));
    }

    fn shown(&self, n: usize) -> Option<JobStatus> {
        match self.rounds.sighting(&key(n)) {
            Some(Sighting::Seen(job)) => Some(job.status),
            _ => None,
        }
    }

    /// Runs until every change is shown. Answers how long that took.
    fn until_shown(&mut self, changed: &[(usize, JobStatus)]) -> Duration {
        let begun = self.now;
        while changed.iter().any(|(n, status)| self.shown(*n) != Some(*status)) {
            assert!(self.now < begun + 5 * MINUTE, "a change is not shown");
            self.step();
        }
        self.now - begun
    }
}

#[test]
fn a_change_among_ten_thousand_jobs_is_shown_within_seconds() {
    let mut each = Loop::over(10_000, 0);
    let end = |n: usize| (n * 97, JobStatus::Succeeded);
    let next_attempt = |n: usize| (n * 97 + 1, JobStatus::Runnable);
    let changes: Vec<_> = (0..100).flat_map(|n| [end(n), next_attempt(n)]).collect();
    for (n, status) in &changes {
        each.set(*n, *status);
    }
    // DescribeJobs of all takes twenty seconds.
    let took = each.until_shown(&changes);
    assert!(took < Duration::from_secs(8), "{took:?}");
}

#[test]
fn a_quiet_queue_costs_a_fifth_of_the_descriptions() {
    let mut each = Loop::over(10_000, 0);
    each.run(MINUTE);
    let (rounds, calls) = (each.lists / 10, each.lists + each.describes);
    assert!(rounds >= 5 && calls * 5 <= rounds * 100, "{calls} calls in {rounds} rounds");
}

/// A list does not show all of a job.
#[test]
fn a_job_that_has_changed_is_described_again_two_minutes_later_and_then_after_four() {
    let mut each = Loop::over(1_000, 0);
    each.set(17, JobStatus::Starting);
    each.until_shown(&[(17, JobStatus::Starting)]);
    for minutes in [2, 4] {
        let last = each.described[&id(17)];
        while each.described[&id(17)] == last {
            each.step();
        }
        let late = each.now - (last + minutes * MINUTE);
        assert!(Duration::ZERO < late && late < MINUTE / 2, "{late:?} after {minutes} minutes");
    }
}

#[test]
fn descriptions_that_show_no_change_are_bounded_by_the_pages() {
    let mut each = Loop::over(40_000, 0);
    each.run(2 * MINUTE);
    assert!(each.describes * 10 <= each.lists * 3, "{} and {}", each.lists, each.describes);
}

#[test]
fn a_queue_full_of_the_jobs_of_others_is_described_and_listed_when_they_have_gone() {
    let mut each = Loop::over(2_000, 60_000);
    each.run(9 * MINUTE);
    // A survey of the first thousand that were seen may be under way at the start. Then comes one of all.
    assert!(each.lists <= 10 + 20, "{} lists: no more than the descriptions of both cost", each.lists);
    for n in 2_000..62_000 {
        each.jobs.remove(&id(n));
    }
    // The queue is tried again ten minutes after the survey that was too dear.
    each.run(2 * MINUTE);
    (each.lists, each.describes) = (0, 0);
    each.run(5 * MINUTE);
    assert!(each.lists > each.describes, "{} and {}", each.lists, each.describes);
}

#[test]
fn a_job_that_the_list_leaves_out_is_described_and_never_taken_for_missing() {
    let mut each = Loop::over(1_500, 0);
    let (hidden, before) = (id(7), each.described.clone());
    let job = each.jobs[&hidden].clone();
    // In no state that is listed.
    each.jobs.insert(hidden.clone(), RemoteJob { status: JobStatus::Succeeded, ..job.clone() });
    while each.lists < 6 {
        each.step();
    }
    each.jobs.insert(hidden.clone(), job);
    each.run(Duration::from_secs(10));
    assert!(each.described[&hidden] > before[&hidden]);
    assert_eq!(each.shown(7), Some(JobStatus::Running));
}

#[test]
fn without_the_right_to_list_jobs_are_described() {
    let mut each = Loop::over(2_000, 0);
    each.fault = Some(FaultKind::Denied);
    each.set(3, JobStatus::Failed);
    each.until_shown(&[(3, JobStatus::Failed)]);
    each.run(9 * MINUTE);
    assert_eq!(each.lists, 1);
    each.run(2 * MINUTE);
    assert_eq!(each.lists, 2, "it is tried again after ten minutes");
}

#[test]
fn a_list_that_fails_in_passing_is_made_again_soon() {
    let mut each = Loop::over(2_000, 0);
    each.fault = Some(FaultKind::Throttled);
    each.run(5 * MINUTE);
    assert!((8..=10).contains(&each.lists), "{} lists in five minutes", each.lists);
    each.fault = None;
    each.run(MINUTE / 2);
    (each.lists, each.describes) = (0, 0);
    each.run(2 * MINUTE);
    assert!(each.lists > each.describes, "{} and {}", each.lists, each.describes);
}

/// Jobs of one queue of a hundred pages. Remembers the lists.
#[derive(Default)]
struct LongQueue(AtomicUsize);

impl Service for LongQueue {
    const CALL: Duration = CALL;

    fn describe(&self, ids: &[JobId]) -> Result<Vec<RemoteJob>, Fault> {
        Ok(ids.iter().map(|id| RemoteJob { id: id.clone(), ..job(JobStatus::Running) }).collect())
    }

    fn in_state(&self, _: &str, _: JobStatus, _: Option<String>) -> Result<Page, Fault> {
        let page = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(Page { jobs: Vec::new(), next: Some(page.to_string()) })
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_cleared_is_not_listed_any_more() {
    let (service, clock) = (Arc::new(Port(LongQueue::default())), Clock::system());
    let tracker =
        Tracker::new(INTERVAL, Listing { fewest: 100, pages_for_a_describe: 100, ..Listing::USUAL });
    let run = async |time| {
        // It never ends.
        let _ = timeout(time, tracker.run(service.clone(), clock.clone(), |_| {})).await;
        service.0.0.load(Ordering::Relaxed)
    };
    (0..100).for_each(|n| tracker.follow(&key(n), id(n)));
    let before = run(10 * CALL + INTERVAL).await;
    assert!((1..50).contains(&before), "a survey is under way: {before} of 100 pages");
    tracker.clear();
    tracker.follow(&key(0), id(0));
    assert_eq!(run(MINUTE).await, before, "one job is followed, which is described");
    assert!(tracker.sighting(&key(0)).is_some());
}

#[test]
fn jobs_that_have_all_ended_are_described() {
    let mut each = Loop::over(1_000, 0);
    (0..1_000).for_each(|n| each.set(n, JobStatus::Succeeded));
    each.run(MINUTE / 2);
    (each.lists, each.describes) = (0, 0);
    each.run(MINUTE / 2);
    assert!(each.lists == 0 && each.describes >= 10, "{} and {}", each.lists, each.describes);
}

#[test]
fn few_jobs_are_never_listed() {
    let mut each = Loop::over(999, 0);
    each.run(MINUTE);
    assert_eq!(each.lists, 0);
}
