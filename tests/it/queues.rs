//! Which queues are looked at, how often, and for whom: in time that is counted, against an AWS Batch that is a closure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_batch_operator::aws::Queue;
use aws_batch_operator::clock::Clock;
use aws_batch_operator::job::{Fault, FaultKind};
use aws_batch_operator::key::Key;
use aws_batch_operator::moment::Moment;
use aws_batch_operator::tracker::{Probes, Queues};
use jiff::SignedDuration;
use tokio::time::{Instant, sleep, timeout};

use crate::port::{Port, Service};

const INTERVAL: Duration = Duration::from_secs(15);
const GAP: Duration = Duration::from_secs(2);
const MINUTE: Duration = Duration::from_mins(1);

fn key(namespace: &str, n: usize) -> Key {
    Key { namespace: namespace.to_owned(), name: n.to_string(), uid: format!("{namespace}/{n}") }
}

fn queue(name: &str) -> Queue {
    Queue { name: name.to_owned(), arn: format!("arn:{name}"), takes_jobs: true }
}

/// The loop, and what came of it.
struct Loop {
    probes: Probes,
    begun: Instant,
    now: Instant,
    asked: BTreeMap<String, Instant>,
    longest: BTreeMap<String, Duration>,
    woken: BTreeSet<Key>,
}

impl Loop {
    fn new() -> Self {
        let (now, asked, longest) = (Instant::now(), BTreeMap::new(), BTreeMap::new());
        Self { probes: Probes::default(), begun: now, now, asked, longest, woken: BTreeSet::new() }
    }

    fn watch(&mut self, namespace: &str, n: usize, queue: &str) {
        self.probes.watch(&key(namespace, n), Some(queue), self.now);
    }

    /// Makes the calls of `time`; `answer` tells which queues take jobs. Answers how many names each call had.
    fn run(
        &mut self,
        time: Duration,
        answer: impl Fn(&[String]) -> Result<Vec<Queue>, FaultKind>,
    ) -> Vec<usize> {
        let end = self.now + time;
        let mut sizes = Vec::new();
        while let Some(due) = self.probes.due().filter(|due| *due < end) {
            self.now = self.now.max(due);
            let names = self.probes.next(self.now);
            sizes.push(names.len());
            let at = Moment(SignedDuration::try_from(self.now - self.begun).unwrap());
            let woken = match answer(&names) {
                Ok(queues) => {
                    for name in &names {
                        let before = self.asked.insert(name.clone(), self.now).unwrap_or(self.now);
                        let longest = self.longest.entry(name.clone()).or_default();
                        *longest = (*longest).max(self.now - before);
                    }
                    self.probes.answered(&names, &queues, at, self.now)
                }
                Err(kind) => self.probes.failed(&names, kind, at, self.now),
            };
            self.woken.extend(woken);
        }
        self.now = self.now.max(end);
        sizes
    }
}

#[allow(clippy::unnecessary_wraps, reason = "others answer with a fault")]
fn none(_: &[String]) -> Result<Vec<Queue>, FaultKind> {
    Ok(Vec::new())
}

#[test]
fn any_number_of_objects_costs_one_call_for_their_queue_in_fifteen_seconds() {
    let mut tracker = Loop::new();
    for n in 0..300 {
        tracker.watch("team", n, if n % 2 == 0 { "a" } else { "arn:b" });
    }
    let calls = tracker.run(2 * MINUTE, none);
    assert!(calls.len() <= 8 && calls.iter().all(|names| *names == 2), "{calls:?}");
    assert!(tracker.woken.is_empty(), "no queue takes jobs");
    tracker.run(INTERVAL, |_| Ok(vec![queue("a"), Queue { takes_jobs: false, ..queue("b") }]));
    assert_eq!(tracker.woken, (0..300).step_by(2).map(|n| key("team", n)).collect());
    tracker.woken.clear();
    tracker.run(MINUTE, |_| Ok(vec![queue("a"), queue("b")]));
    assert_eq!(tracker.woken, (1..300).step_by(2).map(|n| key("team", n)).collect(), "by its ARN, and once");
}

#[test]
fn a_queue_that_stops_and_begins_again_wakes_its_objects_again() {
    let mut tracker = Loop::new();
    tracker.watch("team", 0, "a");
    let open = |_: &[String]| Ok(vec![queue("a")]);
    for _ in 0..3 {
        tracker.run(INTERVAL, open);
        assert_eq!(std::mem::take(&mut tracker.woken).len(), 1);
        assert!(tracker.probes.sight(&key("team", 0)).unwrap().takes_jobs);
        tracker.run(INTERVAL, none);
        assert!(!tracker.probes.sight(&key("team", 0)).unwrap().takes_jobs && tracker.woken.is_empty());
    }
}

#[test]
fn a_namespace_with_ten_thousand_queues_holds_up_no_other() {
    let mut tracker = Loop::new();
    for n in 0..10_000 {
        tracker.watch("crowd", n, &format!("crowd-{n}"));
    }
    tracker.watch("quiet", 0, "quiet");
    let calls = tracker.run(5 * MINUTE, none).len();
    assert!(tracker.longest["quiet"] <= INTERVAL + GAP, "{:?}", tracker.longest["quiet"]);
    assert!(calls <= 151, "{calls}: one in two seconds");
}

#[test]
fn a_name_that_aws_refuses_spoils_no_look_at_the_others_and_is_asked_for_less_and_less() {
    let mut tracker = Loop::new();
    for n in 0..20 {
        tracker.watch("team", n, &format!("good-{n}"));
    }
    tracker.watch("hostile", 0, "bad");
    let refuse = |names: &[String]| {
        let is_spoiled = names.iter().any(|name| name == "bad");
        if is_spoiled { Err(FaultKind::Refused) } else { Ok(Vec::new()) }
    };
    tracker.run(MINUTE, refuse);
    assert_eq!(tracker.asked.len(), 20);
    assert_eq!(tracker.probes.sight(&key("hostile", 0)).map(|sight| sight.takes_jobs), Some(false));
    tracker.run(30 * MINUTE, refuse);
    let alone = tracker.run(10 * MINUTE, refuse).into_iter().filter(|names| *names == 1).count();
    assert!(alone <= 1, "{alone} calls for it");
    assert!(tracker.longest.values().all(|pause| *pause < MINUTE), "{:?}", tracker.longest);
}

#[test]
fn without_the_permission_nothing_is_known_and_little_is_asked() {
    let mut tracker = Loop::new();
    tracker.watch("team", 0, "a");
    tracker.run(MINUTE, none);
    assert!(tracker.probes.sight(&key("team", 0)).is_some());
    let calls = tracker.run(30 * MINUTE, |_| Err(FaultKind::Denied));
    assert!(calls.len() <= 7, "{calls:?}");
    assert_eq!((tracker.probes.sight(&key("team", 0)), tracker.woken.len()), (None, 1), "it waits as before");
    for kind in [FaultKind::Unclear, FaultKind::Throttled] {
        tracker.run(5 * MINUTE, none);
        tracker.woken.clear();
        tracker.run(4 * MINUTE, |_| Err(kind));
        assert!(tracker.probes.sight(&key("team", 0)).is_some(), "{kind:?}: that may pass");
        tracker.run(2 * MINUTE, |_| Err(kind));
        assert_eq!((tracker.probes.sight(&key("team", 0)), tracker.woken.len()), (None, 1), "{kind:?}");
    }
}

#[test]
fn a_queue_that_nobody_waits_for_is_not_looked_at() {
    let mut tracker = Loop::new();
    tracker.watch("team", 0, "a");
    tracker.watch("team", 1, "a");
    tracker.watch("team", 1, "b");
    tracker.probes.watch(&key("team", 0), None, tracker.now);
    assert_eq!(tracker.run(INTERVAL, none), [1], "only b");
    tracker.probes.keep(|key| key.namespace != "team");
    assert_eq!((tracker.probes.due(), tracker.run(MINUTE, none)), (None, vec![]));
}

/// Counts the calls; the queue is there after the third.
#[derive(Default)]
struct Appearing(Mutex<Vec<Vec<String>>>);

impl Service for Appearing {
    fn queues(&self, queues: &[String]) -> Result<Vec<Queue>, Fault> {
        let mut calls = self.0.lock().unwrap();
        calls.push(queues.to_vec());
        Ok(if calls.len() > 3 { vec![queue("late")] } else { Vec::new() })
    }
}

#[tokio::test(start_paused = true)]
async fn an_object_is_woken_within_twenty_seconds_after_its_queue_was_made() {
    let (queues, woken) = (Queues::default(), Mutex::new(Vec::new()));
    let service = Arc::new(Port(Appearing::default()));
    let begun = Instant::now();
    let run = queues.run(service.clone(), Clock::system(), |key| {
        woken.lock().unwrap().push((key.clone(), Instant::now() - begun));
    });
    let refused = async {
        sleep(MINUTE).await;
        (0..300).for_each(|n| queues.watch(&key("team", n), Some("late")));
        sleep(MINUTE).await;
    };
    // It never ends.
    let _ = timeout(2 * MINUTE, async { tokio::join!(run, refused) }).await;
    let woken = woken.lock().unwrap();
    assert_eq!(woken.len(), 300);
    assert!(woken.iter().all(|(_, at)| *at < MINUTE + 3 * INTERVAL + GAP), "{:?}", woken[0].1);
    assert!(service.0.0.lock().unwrap().len() <= 5, "one call in fifteen seconds");
}
