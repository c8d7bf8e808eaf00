//! The order of look-ups by name: against an AWS Batch that lists nothing and remembers what it was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_batch_operator::aws::Page;
use aws_batch_operator::clock::Clock;
use aws_batch_operator::job::{Fault, FaultKind, Identity};
use aws_batch_operator::key::Key;
use aws_batch_operator::plan::Question;
use aws_batch_operator::tracker::{Answer, Listing, Lookups, Read};
use jiff::Timestamp;
use tokio::time::{Instant, sleep, timeout};

use crate::port::{Port, Service};

/// Names that were listed, and when. Those of the namespace `many` fill many pages.
#[derive(Default)]
struct Names(Mutex<Vec<(Instant, String)>>);

/// Each object is searched for by name.
const ALONE: Listing = Listing { fewest_searches: usize::MAX, ..Listing::USUAL };
/// As many as a hundred thousand jobs fill.
const PAGES: usize = 1_000;

impl Service for Names {
    const CALL: Duration = Duration::from_millis(200);

    fn list(&self, _: &str, name: &str, page: Option<String>) -> Result<Page, Fault> {
        let page: usize = page.map_or(0, |page| page.parse().unwrap());
        let text = if page == 0 { name.to_owned() } else { format!("{name}, page {page}") };
        self.0.lock().unwrap().push((Instant::now(), text));
        let is_last = !name.starts_with("many/") || page + 1 == PAGES;
        Ok(Page { jobs: Vec::new(), next: (!is_last).then(|| (page + 1).to_string()) })
    }
}

fn key(namespace: &str, name: &str) -> Key {
    Key { namespace: namespace.to_owned(), name: name.to_owned(), uid: format!("{namespace}/{name}") }
}

fn ask(lookups: &Lookups, namespace: &str, name: &str, is_urgent: bool) {
    let question = Question {
        queue: "queue".to_owned(),
        name: format!("{namespace}/{name}"),
        identity: Identity::default(),
        job: None,
        since: Timestamp::UNIX_EPOCH,
        is_urgent,
    };
    lookups.ask(key(namespace, name), Read::Jobs(question));
}

/// What was listed within `time`, in order.
async fn listed(lookups: &Lookups, time: Duration) -> Vec<(Instant, String)> {
    let listing = Arc::new(Port(Names::default()));
    // It never ends.
    let _ = timeout(time, lookups.run(listing.clone(), Clock::system(), |_, _| {})).await;
    std::mem::take(&mut listing.0.0.lock().unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_namespace_with_many_questions_holds_up_no_other() {
    let lookups = Lookups::new(ALONE);
    for n in 0..300 {
        ask(&lookups, "large", &n.to_string(), true);
    }
    ask(&lookups, "small", "1", true);
    let listed = listed(&lookups, Duration::from_secs(20)).await;
    assert_eq!(listed.len(), 301);
    let place = listed.iter().position(|(_, name)| name == "small/1").unwrap();
    assert!(place < 4, "it is number {place}");
}

#[tokio::test(start_paused = true)]
async fn what_nothing_waits_for_is_looked_for_last_and_slowly() {
    let lookups = Lookups::new(ALONE);
    for n in 0..3 {
        ask(&lookups, "idle", &n.to_string(), false);
    }
    for n in 0..8 {
        ask(&lookups, "team", &n.to_string(), true);
    }
    let begun = Instant::now();
    let listed = listed(&lookups, Duration::from_mins(1)).await;
    let idle: Vec<_> = listed.iter().filter(|(_, name)| name.starts_with("idle")).collect();
    assert_eq!(idle.len(), 3);
    assert!(listed[..8].iter().all(|(_, name)| name.starts_with("team")), "{listed:?}");
    assert!(idle[2].0 - begun >= Duration::from_secs(2), "one a second: {idle:?}");
}

#[tokio::test(start_paused = true)]
async fn a_question_that_something_begins_to_wait_for_is_asked_at_once() {
    let lookups = Lookups::new(ALONE);
    for n in 0..30 {
        ask(&lookups, "idle", &n.to_string(), false);
    }
    ask(&lookups, "idle", "29", true);
    ask(&lookups, "idle", "29", false);
    lookups.forget(&key("idle", "0"));
    let listed = listed(&lookups, Duration::from_mins(5)).await;
    assert_eq!(listed[0].1, "idle/29");
    assert_eq!(listed.len(), 29, "each once, and none of an object that is gone: {listed:?}");
}

/// A queue of two pages, of which AWS refuses one.
struct Refusing {
    page: usize,
}

impl Service for Refusing {
    fn list(&self, _: &str, _: &str, page: Option<String>) -> Result<Page, Fault> {
        let page: usize = page.map_or(0, |page| page.parse().unwrap());
        if page == self.page {
            return Err(Fault::new(FaultKind::Refused, None, "nextToken is not valid"));
        }
        Ok(Page { jobs: Vec::new(), next: Some("1".to_owned()) })
    }
}

#[tokio::test(start_paused = true)]
async fn only_the_first_page_tells_that_a_queue_is_gone() {
    for (page, kind) in [(0, FaultKind::Refused), (1, FaultKind::Unclear)] {
        let lookups = Lookups::new(ALONE);
        ask(&lookups, "team", "1", true);
        let told = Mutex::new(None);
        let take = |_: &Key, answer| *told.lock().unwrap() = Some(answer);
        let run = lookups.run(Arc::new(Port(Refusing { page })), Clock::system(), take);
        let _ = timeout(Duration::from_secs(1), run).await;
        let answer = told.lock().unwrap().take();
        let Some(Answer::Jobs { found: Err(fault), .. }) = answer else { panic!("{answer:?}") };
        assert_eq!(fault.kind, kind, "page {page}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_look_that_nothing_waited_for_goes_on_beside_others() {
    let lookups = Lookups::new(ALONE);
    ask(&lookups, "many", "idle", false);
    let listing = Arc::new(Port(Names::default()));
    let run = lookups.run(listing.clone(), Clock::system(), |_, _| {});
    let later = async {
        sleep(Duration::from_secs(5)).await;
        for n in 0..2_000 {
            ask(&lookups, "team", &n.to_string(), true);
        }
        sleep(Duration::from_mins(1)).await;
    };
    let _ = timeout(Duration::from_mins(1), async { tokio::join!(run, later) }).await;
    let listed = std::mem::take(&mut *listing.0.0.lock().unwrap());
    let last = listed.iter().rposition(|(_, name)| name.starts_with("many/idle")).unwrap();
    assert!(last > listed.len() - 50, "it stopped at {last} of {}", listed.len());
}

#[tokio::test(start_paused = true)]
async fn a_name_that_many_jobs_share_holds_up_no_other_namespace_and_is_read_once() {
    let lookups = Lookups::new(ALONE);
    for n in 0..20 {
        ask(&lookups, "many", &n.to_string(), true);
    }
    let listing = Arc::new(Port(Names::default()));
    let answers = Mutex::new(Vec::new());
    let run =
        lookups.run(listing.clone(), Clock::system(), |key, _| answers.lock().unwrap().push(key.clone()));
    let later = async {
        sleep(Duration::from_secs(20)).await;
        ask(&lookups, "small", "1", true);
        lookups.forget(&key("many", "0"));
        ask(&lookups, "many", "1", true);
        sleep(Duration::from_hours(2)).await;
    };
    // It never ends.
    let _ = timeout(Duration::from_hours(2), async { tokio::join!(run, later) }).await;
    let listed = listing.0.0.lock().unwrap();
    let asked = listed[0].0 + Duration::from_secs(20);
    let small = listed.iter().find(|(_, name)| name == "small/1").unwrap().0;
    assert!(small <= asked + Duration::from_secs(2), "after {:?}", small - asked);
    let of_second =
        listed.iter().filter(|(_, name)| *name == "many/1" || name.starts_with("many/1,")).count();
    assert_eq!(of_second, PAGES, "each page once, though it was asked for again");
    let answered = answers.lock().unwrap();
    assert_eq!(answered.len(), 20, "each once, and none of an object that is gone");
    assert!(!answered.contains(&key("many", "0")));
}
