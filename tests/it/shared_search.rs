//! Searches of many objects that are made as one: against a queue that keeps its jobs in a list.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_batch_operator::aws::{NamedJob, Names, Page};
use aws_batch_operator::clock::Clock;
use aws_batch_operator::job::{Fault, FaultKind, Found, Identity};
use aws_batch_operator::key::Key;
use aws_batch_operator::plan::Question;
use aws_batch_operator::tracker::{Answer, Listing, Lookups, Read};
use jiff::{SignedDuration, Timestamp};
use tokio::time::{sleep, timeout};

use crate::port::{Port, Service};

const PAGE: usize = 100;
const HOUR: Duration = Duration::from_hours(1);

fn key(n: usize) -> Key {
    Key { namespace: "team".to_owned(), name: format!("name-{n}"), uid: n.to_string() }
}

fn minutes(minutes: usize) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_mins(i64::try_from(minutes).unwrap())
}

fn question(n: usize, since: Timestamp) -> Read {
    let (queue, name) = ("queue".to_owned(), format!("name-{n}"));
    let identity = Identity::default();
    Read::Jobs(Question { queue, name, identity, job: None, since, is_urgent: true })
}

/// The jobs of the queue, one a minute, oldest first, and what was read.
#[derive(Default)]
struct Jobs {
    names: Vec<String>,
    /// The calls that fail, counted from 0.
    faults: Mutex<Vec<(usize, FaultKind)>>,
    /// Every second call does not show so many of the newest jobs.
    hidden: usize,
    /// All jobs were created at once.
    at_once: bool,
    calls: Mutex<usize>,
    searched: Mutex<Vec<String>>,
}

impl Jobs {
    /// So many jobs of others.
    fn of_others(number: usize) -> Self {
        Self { names: (0..number).map(|n| format!("other-{n}")).collect(), ..Self::default() }
    }

    fn is_hidden(&self, n: usize, call: usize) -> bool {
        call.is_multiple_of(2) && n + self.hidden >= self.names.len()
    }
}

impl Service for Jobs {
    const CALL: Duration = Duration::from_millis(200);

    fn list(&self, _: &str, name: &str, _: Option<String>) -> Result<Page, Fault> {
        self.searched.lock().unwrap().push(name.to_owned());
        Ok(Page::default())
    }

    fn created_before(&self, _: &str, before: Timestamp) -> Result<Names, Fault> {
        let mut calls = self.calls.lock().unwrap();
        *calls += 1;
        let mut faults = self.faults.lock().unwrap();
        if let Some(place) = faults.iter().position(|(call, _)| *call + 1 == *calls) {
            let (_, kind) = faults.remove(place);
            return Err(Fault::new(kind, None, "no"));
        }
        let created_at = |n| if self.at_once { minutes(0) } else { minutes(n) };
        let named = |(n, name): (usize, &String)| NamedJob { name: name.clone(), created_at: created_at(n) };
        let visible = self.names.iter().enumerate().filter(|(n, _)| !self.is_hidden(*n, *calls));
        let all: Vec<_> = visible.map(named).filter(|job| job.created_at < before).collect();
        let jobs: Vec<_> = all.iter().rev().take(PAGE).cloned().collect();
        Ok(Names { is_all: jobs.len() == all.len(), jobs })
    }
}

/// What a run has read, and which objects have their answer.
#[derive(Debug, PartialEq)]
struct Told {
    calls: usize,
    searched: BTreeSet<String>,
    answered: usize,
}

async fn told(jobs: Jobs, lookups: &Lookups) -> Told {
    let (jobs, answered) = (Arc::new(Port(jobs)), Mutex::new(0));
    let take = |_: &Key, answer| {
        let Answer::Jobs { found, .. } = answer else { panic!("{answer:?}") };
        assert_eq!(found.unwrap(), Found::default());
        *answered.lock().unwrap() += 1;
    };
    // It never ends.
    let _ = timeout(HOUR, lookups.run(jobs.clone(), Clock::system(), take)).await;
    let searched = jobs.0.searched.lock().unwrap();
    let once: BTreeSet<_> = searched.iter().cloned().collect();
    assert_eq!(once.len(), searched.len(), "each name is searched for once: {searched:?}");
    Told { calls: *jobs.0.calls.lock().unwrap(), searched: once, answered: answered.into_inner().unwrap() }
}

fn names(numbers: impl IntoIterator<Item = usize>) -> BTreeSet<String> {
    numbers.into_iter().map(|n| format!("name-{n}")).collect()
}

/// Searches for so many objects, all as old as the queue.
fn lookups_of(objects: usize) -> Lookups {
    let lookups = Lookups::new(Listing::USUAL);
    (0..objects).for_each(|n| lookups.ask(key(n), question(n, minutes(0))));
    lookups
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_objects_without_a_job_cost_the_pages_of_their_queue() {
    let told = told(Jobs::of_others(5_000), &lookups_of(10_000)).await;
    assert_eq!(told, Told { calls: 51, searched: names([]), answered: 10_000 });
}

#[tokio::test(start_paused = true)]
async fn an_object_whose_name_a_job_has_is_searched_for_by_name() {
    let mut jobs = Jobs::of_others(300);
    // AWS compares names without case.
    jobs.names[7] = "Name-7".to_owned();
    jobs.names[299] = "name-31".to_owned();
    let told = told(jobs, &lookups_of(100)).await;
    assert_eq!(told, Told { calls: 4, searched: names([7, 31]), answered: 100 });
}

#[tokio::test(start_paused = true)]
async fn no_job_falls_between_two_calls_that_show_queues_of_different_age() {
    for place in 0..300 {
        let mut jobs = Jobs { hidden: 5, ..Jobs::of_others(310) };
        jobs.names[place] = "name-7".to_owned();
        let told = told(jobs, &lookups_of(20)).await;
        assert_eq!(told, Told { calls: 4, searched: names([7]), answered: 20 }, "{place}");
    }
}

#[tokio::test(start_paused = true)]
async fn more_jobs_of_one_moment_than_a_call_shows_end_the_search() {
    let jobs = Jobs { names: vec!["name-7".to_owned(); 500], at_once: true, ..Jobs::default() };
    let told = told(jobs, &lookups_of(20)).await;
    assert_eq!(told, Told { calls: 2, searched: names(0..20), answered: 20 });
}

#[tokio::test(start_paused = true)]
async fn a_queue_with_more_jobs_than_its_objects_pay_for_answers_for_young_objects_only() {
    let lookups = Lookups::new(Listing::USUAL);
    let jobs = Jobs::of_others(10_000);
    // Twenty calls go back to minute 8,019, as each shows the last job of the one before.
    let since = |n| if n < 5 { minutes(0) } else { minutes(8_014 + n) };
    (0..20).for_each(|n| lookups.ask(key(n), question(n, since(n))));
    let told = told(jobs, &lookups).await;
    assert_eq!(told, Told { calls: 20, searched: names(0..=5), answered: 20 });
}

#[tokio::test(start_paused = true)]
async fn few_objects_are_searched_for_by_name() {
    let told = told(Jobs::of_others(1), &lookups_of(9)).await;
    assert_eq!(told, Told { calls: 0, searched: names(0..9), answered: 9 });
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_in_passing_is_made_again_and_another_fault_ends_the_search() {
    let failing = |calls: usize, kind| {
        let faults = (1..=calls).map(|call| (call, kind)).collect();
        Jobs { faults: Mutex::new(faults), ..Jobs::of_others(300) }
    };
    for (kind, calls, searched) in
        [(FaultKind::Throttled, 8, names([])), (FaultKind::Denied, 2, names(0..100))]
    {
        let jobs = failing(4, kind);
        assert_eq!(told(jobs, &lookups_of(100)).await, Told { calls, searched, answered: 100 }, "{kind:?}");
    }
    let told = told(failing(9, FaultKind::Throttled), &lookups_of(100)).await;
    assert_eq!(told, Told { calls: 6, searched: names(0..100), answered: 100 });
}

#[tokio::test(start_paused = true)]
async fn the_search_goes_on_when_some_of_its_objects_are_forgotten() {
    let lookups = lookups_of(200);
    let forget = async {
        sleep(Duration::from_secs(3)).await;
        (0..199).for_each(|n| lookups.forget(&key(n)));
    };
    let (told, ()) = tokio::join!(told(Jobs::of_others(10_000), &lookups), forget);
    assert_eq!(told, Told { calls: 101, searched: names([]), answered: 1 });
}

#[tokio::test(start_paused = true)]
async fn a_crowd_of_another_namespace_or_one_that_nothing_waits_for_holds_up_nobody() {
    let lookups = lookups_of(0);
    for n in 0..1_000 {
        lookups.ask(key(n), question(n, minutes(0)));
        let Read::Jobs(idle) = question(1_000 + n, minutes(0)) else { unreachable!() };
        lookups.ask(key(1_000 + n), Read::Jobs(Question { is_urgent: false, ..idle }));
    }
    let small = Key { namespace: "small".to_owned(), ..key(5_000) };
    lookups.ask(small.clone(), question(5_000, minutes(0)));
    let (jobs, order) = (Arc::new(Port(Jobs::of_others(90_000))), Mutex::new(Vec::new()));
    let run = lookups.run(jobs.clone(), Clock::system(), |key, _| order.lock().unwrap().push(key.clone()));
    let _ = timeout(HOUR, run).await;
    let order = order.into_inner().unwrap();
    assert_eq!(order.len(), 2_001);
    assert_eq!(order[0], small, "it is searched for by name beside the crowd");
    let is_idle = |key: &Key| key.name.len() == "name-1000".len() && *key != small;
    assert!(order[1..1_001].iter().all(|key| !is_idle(key)), "what a decision waits for comes first");
}
