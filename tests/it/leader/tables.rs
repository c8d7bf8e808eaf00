//! What is promised of an election.

use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::clock::Clock;
use aws_batch_operator::leader::{Elector, Leadership, Settings};
use serde_json::json;
use stand::Dice;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::lease_server::{LeaseServer, Link, Wire};

/// One replica.
struct Candidate {
    leadership: Leadership,
    wire: Wire,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Candidate {
    fn start(server: &Arc<LeaseServer>, identity: &str) -> Self {
        let (client, wire) = server.client();
        let settings = Settings {
            namespace: None,
            name: "lease".to_owned(),
            identity: identity.to_owned(),
            lease_duration: Duration::from_secs(15),
            renew_deadline: Duration::from_secs(10),
            retry_period: Duration::from_secs(2),
        };
        let (elector, leadership) = Elector::new(&client, Clock::system(), settings);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(elector.run(async move {
            let _ = stopped.await;
        }));
        Self { leadership, wire, stop: Some(stop), task }
    }

    fn link(&self, link: Link) {
        *self.wire.lock().unwrap() = link;
    }

    fn leads(&self) -> bool {
        self.leadership.holds()
    }

    /// How long until it leads.
    async fn gained(&self) -> Duration {
        let begun = Instant::now();
        timeout(Duration::from_mins(2), self.leadership.gained()).await.expect("it never leads");
        begun.elapsed()
    }

    /// How long until it leads no more.
    async fn lost(&self) -> Duration {
        let begun = Instant::now();
        let term = self.leadership.gained().await;
        timeout(Duration::from_mins(2), self.leadership.lost(term)).await.expect("it leads for ever");
        begun.elapsed()
    }
}

/// A leader and a follower that have renewed and looked for a while.
async fn pair() -> (Arc<LeaseServer>, Candidate, Candidate) {
    let server = Arc::default();
    let first = Candidate::start(&server, "first");
    first.gained().await;
    let second = Candidate::start(&server, "second");
    sleep(Duration::from_secs(61)).await;
    assert!(first.leads() && !second.leads());
    assert!(second.leadership.missing().is_none());
    (server, first, second)
}

fn assert_between(took: Duration, least: u64, most: u64) {
    assert!(took >= Duration::from_secs(least) && took <= Duration::from_secs(most), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn one_leads_and_renews_what_the_record_shows() {
    let (server, ..) = pair().await;
    let spec = server.spec();
    assert_eq!((&spec["holderIdentity"], &spec["leaseDurationSeconds"]), (&json!("first"), &json!(15)));
    assert_eq!(spec["leaseTransitions"], 0);
    assert!(spec["renewTime"].as_str() > spec["acquireTime"].as_str(), "{spec}");
}

#[tokio::test(start_paused = true)]
async fn a_leader_that_is_cut_off_stops_before_another_begins() {
    for link in [Link::Hangs, Link::Refuses, Link::Forbids, Link::Slow(Duration::from_secs(30))] {
        let (server, first, second) = pair().await;
        first.link(link);
        let lost_after = first.lost().await;
        assert_between(lost_after, 7, 10);
        assert!(!second.leads());
        assert_between(lost_after + second.gained().await, 13, 20);
        assert_eq!(server.spec()["leaseTransitions"], 1);
        // When the way is free again it follows.
        first.link(Link::Up);
        sleep(Duration::from_mins(1)).await;
        assert!(!first.leads() && second.leads());
    }
}

#[tokio::test(start_paused = true)]
async fn a_crash_hands_over_within_twenty_seconds() {
    let (_server, first, second) = pair().await;
    first.task.abort();
    assert_between(second.gained().await, 13, 20);
}

#[tokio::test(start_paused = true)]
async fn a_stop_hands_over_within_three_seconds() {
    let (server, mut first, second) = pair().await;
    first.stop.take().unwrap().send(()).unwrap();
    let took = second.gained().await;
    assert!(took <= Duration::from_secs(3), "{took:?}");
    assert!(!first.leads());
    assert_eq!(server.spec()["leaseTransitions"], 1);
}

#[tokio::test(start_paused = true)]
async fn nobody_acts_any_more_when_the_lease_is_given_up() {
    let (server, mut first, _second) = pair().await;
    first.link(Link::Slow(Duration::from_secs(1)));
    first.stop.take().unwrap().send(()).unwrap();
    while server.spec()["holderIdentity"] == "first" {
        tokio::task::yield_now().await;
    }
    assert!(!first.leads());
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_soon_while_the_api_server_is_away() {
    let (_server, mut first, _second) = pair().await;
    first.link(Link::Hangs);
    first.stop.take().unwrap().send(()).unwrap();
    timeout(Duration::from_secs(2), first.task).await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_restart_under_the_same_name_leads_at_once() {
    let (server, first, second) = pair().await;
    first.task.abort();
    let again = Candidate::start(&server, "first");
    assert!(again.gained().await < Duration::from_secs(1));
    sleep(Duration::from_mins(1)).await;
    assert!(again.leads() && !second.leads());
}

#[tokio::test(start_paused = true)]
async fn an_edit_by_somebody_else_costs_a_conflict_and_not_the_lead() {
    let (server, first, second) = pair().await;
    for _ in 0..20 {
        server.edit(|lease| lease["metadata"]["labels"] = json!({ "a": "b" }));
        sleep(Duration::from_secs(3)).await;
        assert!(first.leads() && !second.leads());
    }
    server.edit(|lease| lease["spec"]["holderIdentity"] = json!("stranger"));
    sleep(Duration::from_secs(5)).await;
    assert!(!first.leads(), "what the record says counts");
    tokio::select! {
        took = first.gained() => assert_between(took, 8, 17),
        took = second.gained() => assert_between(took, 8, 17),
    }
}

#[tokio::test(start_paused = true)]
async fn answers_that_are_lost_cost_nothing_while_some_come() {
    let (server, first, second) = pair().await;
    for _ in 0..10 {
        first.link(Link::LosesAnswers);
        sleep(Duration::from_millis(3500)).await;
        first.link(Link::Up);
        sleep(Duration::from_millis(6500)).await;
        assert!(first.leads() && !second.leads());
    }
    assert_eq!(server.spec()["leaseTransitions"], 0);
}

#[tokio::test(start_paused = true)]
async fn the_times_in_the_record_count_for_nothing() {
    for renew_time in ["2001-01-01T00:00:00.000000Z", "2101-01-01T00:00:00.000000Z"] {
        let server = Arc::<LeaseServer>::default();
        server.edit(|lease| {
            lease["spec"] =
                json!({ "holderIdentity": "gone", "leaseDurationSeconds": 15, "renewTime": renew_time });
        });
        let candidate = Candidate::start(&server, "candidate");
        assert_between(candidate.gained().await, 15, 16);
    }
}

#[tokio::test(start_paused = true)]
async fn who_may_not_read_the_lease_never_leads_and_says_so() {
    let server = Arc::default();
    let candidate = Candidate::start(&server, "candidate");
    candidate.link(Link::Forbids);
    sleep(Duration::from_mins(5)).await;
    assert!(!candidate.leads());
    let why = candidate.leadership.missing().unwrap();
    assert!(why.contains("Forbidden (403)") && why.contains("get, create and update"), "{why}");
    candidate.link(Link::Up);
    assert!(candidate.gained().await <= Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn there_are_never_two_whatever_the_links_do() {
    let links = [
        Link::Up,
        Link::Up,
        Link::Hangs,
        Link::LosesAnswers,
        Link::Refuses,
        Link::Slow(Duration::from_millis(700)),
        Link::Slow(Duration::from_secs(6)),
        Link::Slow(Duration::from_secs(25)),
    ];
    let mut dice = Dice::new(7);
    let server = Arc::default();
    let candidates = ["a", "b", "c"].map(|identity| Candidate::start(&server, identity));
    let (mut led, mut changes, mut leader) = (0, 0, None);
    for moment in 0..60_000_u64 {
        sleep(Duration::from_millis(100)).await;
        if moment % 50 == 0 {
            candidates[dice.below(3)].link(dice.pick(&links));
        }
        let leaders: Vec<_> = (0..3).filter(|n| candidates[*n].leads()).collect();
        assert!(leaders.len() <= 1, "{leaders:?} lead at once");
        led += leaders.len();
        if !leaders.is_empty() && leader != leaders.first().copied() {
            changes += 1;
            leader = leaders.first().copied();
        }
    }
    assert!(led > 30_000, "somebody leads most of the time: {led}");
    assert!(changes > 25, "the lead has changed often: {changes}");
}
