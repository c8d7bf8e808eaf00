//! Several replicas, as processes: one leads, the others are ready and still; and however the leader goes, the next one
//! goes on without a second job.

use std::time::{Duration, Instant};

use aws_batch_operator::api::BatchJob;
use batch_double::{Behaviour, Config};
use serde_json::{Value, json};

use crate::operator::Operator;
use crate::stage::{Outage, Stage};

fn long() -> Value {
    json!({ "jobQueue": "q", "jobDefinition": "long" })
}

/// Two replicas, the first of which leads.
fn pair(stage: &Stage, flags: &[&str]) -> (Operator, Operator) {
    stage.double.set_behaviour("long", Behaviour::forever());
    let named = |identity| [&["--identity", identity], flags].concat();
    let first = Operator::ready(stage, &named("first"));
    let second = Operator::ready(stage, &named("second"));
    assert!(first.leads() && !second.leads());
    (first, second)
}

fn holder(stage: &Stage) -> String {
    let lease = ["get", "lease", "aws-batch-operator", "-o", "jsonpath={.spec.holderIdentity}"];
    stage.kubectl(&lease).unwrap()
}

/// How long until this one leads.
fn wait_until_it_leads(operator: &Operator, within: Duration) -> Duration {
    let begun = Instant::now();
    while !operator.leads() {
        assert!(begun.elapsed() < within, "it does not lead:\n{}", operator.log());
        std::thread::sleep(Duration::from_millis(20));
    }
    begun.elapsed()
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn one_of_two_leads_and_the_other_is_ready_and_calls_nothing_of_aws() {
    let stage = Stage::new("two");
    stage.double.set_behaviour("long", Behaviour::forever());
    let first = Operator::ready(&stage, &["--identity", "first"]);
    // A follower that cannot reach AWS never notices.
    let second = Operator::ready(&stage, &["--identity", "second", "--read-rate", "1000"]);
    stage.create_many(50, &long());
    stage.wait_until_submitted(50, Duration::from_secs(30));
    stage.assert_exactly_once();
    assert_eq!((first.leads(), second.leads()), (true, false));
    assert_eq!(holder(&stage), "first");
    let calls = second.get("/metrics").unwrap().1;
    assert!(!calls.contains("aws_calls_total{"), "{calls}");
    let events = stage.kubectl(&["get", "events", "-o", "jsonpath={.items[*].message}"]).unwrap();
    assert!(events.contains("first leads"), "{events}");
    assert!(second.log().contains("following: another replica leads"), "{}", second.log());
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn sigterm_hands_over_within_three_seconds() {
    let stage = Stage::with("handover", &Config { delay_ms: 50, ..Config::default() });
    let (mut first, second) = pair(&stage, &[]);
    stage.create_many(200, &long());
    stage.wait(Duration::from_secs(20), "a burst under way", || stage.double.accepted() >= 50);
    let begun = Instant::now();
    let (status, _) = first.stop();
    assert!(status.success());
    wait_until_it_leads(&second, Duration::from_secs(5));
    let took = begun.elapsed();
    assert!(took <= Duration::from_secs(3), "{took:?}\n{}", first.log());
    stage.wait_until_submitted(200, Duration::from_secs(30));
    stage.assert_exactly_once();
    assert_eq!(stage.double.count("ListJobs"), 0, "a graceful end leaves nothing in doubt");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn sigkill_hands_over_within_twenty_seconds() {
    let stage = Stage::new("crash");
    let (mut first, second) = pair(&stage, &[]);
    stage.create_many(10, &long());
    stage.wait_until_submitted(10, Duration::from_secs(20));
    first.kill();
    let took = wait_until_it_leads(&second, Duration::from_secs(30));
    assert!(took <= Duration::from_secs(20), "{took:?}");
    stage.create("after", long());
    stage.wait_until_submitted(11, Duration::from_secs(20));
    stage.assert_exactly_once();
}

/// More passes than `--concurrency` hold no claims.
const AT_ONCE: usize = 64;

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_leader_that_is_frozen_for_longer_than_its_lease_sends_nothing_when_it_thaws() {
    let stage = Stage::with("frozen", &Config { delay_ms: 400, ..Config::default() });
    let flags = ["--lease-duration", "4s", "--renew-deadline", "3s", "--retry-period", "500ms"];
    let (first, second) = pair(&stage, &flags);
    stage.create_many(300, &long());
    stage.wait(Duration::from_secs(20), "a burst under way", || stage.double.accepted() >= 40);
    first.signal("STOP");
    wait_until_it_leads(&second, Duration::from_secs(10));
    let by_second = stage.double.accepted() + 40;
    stage.wait(Duration::from_secs(20), "the second is at work", || stage.double.accepted() >= by_second);
    first.signal("CONT");
    // Whatever the first held when it froze is claimed: it waits for proof, and everything else goes on.
    let is_submitted = |job: &BatchJob| job.status.as_ref().unwrap().job_id.is_some();
    let is_in_doubt = |job: &BatchJob| {
        job.status.as_ref().unwrap().conditions.iter().any(|condition| condition.reason == "Unconfirmed")
    };
    stage.wait(Duration::from_mins(1), "all but those in doubt", || {
        stage.list().iter().all(|job| is_submitted(job) || is_in_doubt(job))
    });
    let in_doubt = stage.list().iter().filter(|job| is_in_doubt(job)).count();
    assert!(in_doubt <= AT_ONCE, "{in_doubt} were held by the first");
    stage.wait(Duration::from_secs(10), "the first knows", || first.log().contains("no longer leading"));
    assert_eq!((first.leads(), second.leads()), (false, true));
    stage.assert_none_twice();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_leader_that_the_api_server_does_not_hear_steps_down_by_itself() {
    let stage = Stage::new("cut-off");
    let flags = ["--lease-duration", "4s", "--renew-deadline", "3s", "--retry-period", "500ms"];
    let (first, second) = pair(&stage, &flags);
    let outage = Outage::begin();
    let begun = Instant::now();
    // The metric follows the clock; the log follows when the elector wakes.
    while first.leads() || !first.log().contains("no longer leading") {
        assert!(begun.elapsed() < Duration::from_secs(5), "it still leads:\n{}", first.log());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!second.leads());
    drop(outage);
    stage.wait(Duration::from_secs(20), "one leads again", || first.leads() || second.leads());
    stage.create_many(20, &long());
    // A watch that has failed several times pauses for up to half a minute.
    stage.wait_until_submitted(20, Duration::from_mins(2));
    stage.assert_exactly_once();
    assert!(first.leads() != second.leads());
}
