//! Jobs that are followed by lists of their queue: what a round costs, and what it shows, against an AWS Batch that keeps
//! its jobs in a map.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_batch_operator::aws::Page;
use aws_batch_operator::job::{FaultKind, JobId, JobStatus, RemoteJob};
use aws_batch_operator::key::Key;
use aws_batch_operator::moment::Moment;
use aws_batch_operator::plan::Sighting;
use aws_batch_operator::tracker::{List, Listing, Rounds};
use tokio::time::Instant;

use crate::plan::remote::job;

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
    JobId::new(format!("job-{n}")).unwrap()
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
        let mut jobs = BTreeMap::new();
        for n in 0..own + foreign {
            jobs.insert(id(n), RemoteJob { id: id(n), ..job(JobStatus::Running) });
        }
        let mut rounds = Rounds::new(INTERVAL, Listing::USUAL);
        for n in 0..own {
            rounds.follow(&key(n), id(n));
        }
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
        if let Some(list) = self.rounds.next_list(self.now) {
            self.lists += 1;
            let page = self.fault.map_or_else(|| Ok(self.page(&list)), Err);
            self.rounds.listed(page, self.now);
            return;
        }
        let call = self.rounds.next_call(self.now);
        let ids = call.ids();
        if ids.is_empty() {
            return;
        }
        self.describes += 1;
        let told = ids.iter().filter_map(|id| self.jobs.get(id).cloned()).collect();
        self.described.extend(ids.into_iter().map(|id| (id, self.now)));
        self.rounds.looked(&call, told, Moment::default());
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
        self.jobs.insert(id(n), RemoteJob { id: id(n), ..job(status) });
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
    assert!(took < Duration::from_secs(12), "{took:?}");
}

#[test]
fn a_quiet_queue_costs_a_fifth_of_the_descriptions() {
    let mut each = Loop::over(10_000, 0);
    each.run(MINUTE);
    let rounds = each.lists / 14;
    let described_alone = rounds * 100;
    assert!(
        rounds >= 5 && (each.lists + each.describes) * 4 <= described_alone,
        "{} and {}",
        each.lists,
        each.describes
    );
}

#[test]
fn each_job_is_described_every_few_minutes_all_the_same() {
    let mut each = Loop::over(3_000, 0);
    each.run(10 * MINUTE);
    let oldest = each.described.values().min().unwrap();
    assert!(each.now - *oldest < 3 * MINUTE, "{:?}", each.now - *oldest);
}

#[test]
fn descriptions_that_show_no_change_are_bounded_by_the_pages() {
    let mut each = Loop::over(40_000, 0);
    each.run(2 * MINUTE);
    assert!(each.describes * 10 <= each.lists * 6, "{} and {}", each.lists, each.describes);
}

#[test]
fn a_queue_full_of_the_jobs_of_others_is_described_and_listed_when_they_have_gone() {
    let mut each = Loop::over(2_000, 60_000);
    each.run(9 * MINUTE);
    assert!(each.lists <= 20, "{} lists: no more than twenty descriptions cost", each.lists);
    for n in 2_000..62_000 {
        each.jobs.remove(&id(n));
    }
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
    (each.fault, each.lists, each.describes) = (None, 0, 0);
    each.run(2 * MINUTE);
    assert!(each.lists > each.describes, "{} and {}", each.lists, each.describes);
}

#[test]
fn few_jobs_are_never_listed() {
    let mut each = Loop::over(999, 0);
    each.run(MINUTE);
    assert_eq!(each.lists, 0);
}
