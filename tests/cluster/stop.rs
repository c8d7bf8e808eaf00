//! The end of the process: SIGTERM finishes what is in flight, and is gone within ten seconds whatever is missing.

use std::time::Duration;

use batch_double::{Behaviour, Config};
use serde_json::json;

use crate::operator::Operator;
use crate::stage::{Outage, Stage};

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn sigterm_finishes_what_is_in_flight() {
    let stage = Stage::with("stop", &Config { delay_ms: 400, ..Config::default() });
    stage.double.set_behaviour("long", Behaviour::forever());
    let mut operator = Operator::ready(&stage, &[]);
    stage.create_many(100, &json!({ "jobQueue": "q", "jobDefinition": "long" }));
    stage.wait(Duration::from_secs(20), "some are submitted", || stage.double.accepted() >= 20);
    let (status, took) = operator.stop();
    assert!(
        status.success() && took < Duration::from_secs(10),
        "{status} after {took:?}\n{}",
        operator.log()
    );
    let recorded = stage.list().iter().filter(|job| job.status.as_ref().unwrap().job_id.is_some()).count();
    assert_eq!(recorded, stage.double.accepted(), "every job that AWS took is on record");
    let _again = Operator::ready(&stage, &[]);
    stage.wait_until_submitted(100, Duration::from_secs(30));
    stage.assert_exactly_once();
    assert_eq!(stage.double.count("ListJobs"), 0, "nothing was left in doubt");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn sigterm_ends_it_while_the_api_server_is_away() {
    let stage = Stage::new("stop-away");
    let mut synced = Operator::ready(&stage, &[]);
    let outage = Outage::begin();
    let mut never_synced = Operator::start(&stage, &[]);
    let listening = || never_synced.get("/livez").is_some_and(|(status, _)| status == 200);
    let begun = std::time::Instant::now();
    while !listening() {
        assert!(begun.elapsed() < Duration::from_secs(10));
        std::thread::yield_now();
    }
    assert_eq!(never_synced.get("/readyz").unwrap().0, 503);
    for operator in [&mut synced, &mut never_synced] {
        let (status, took) = operator.stop();
        assert!(status.success() && took < Duration::from_secs(10), "{status} after {took:?}");
    }
    drop(outage);
}
