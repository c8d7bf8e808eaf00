//! A watch that breaks is followed by a listing in pages. Whatever appeared meanwhile stands on some page of that listing.

use std::time::{Duration, Instant};

use batch_double::Behaviour;
use serde_json::json;

use crate::operator::Operator;
use crate::stage::{Outage, Stage};

/// More than a page of the first listing, several times over.
const OBJECTS: usize = 45;

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn objects_that_appear_while_no_watch_runs_are_all_submitted() {
    let stage = Stage::new("relist");
    stage.double.set_behaviour("long", Behaviour::forever());
    let operator = Operator::ready(&stage, &[]);
    let outage = Outage::begin();
    // A watch that has failed pauses: the objects are there before its next try.
    let begun = Instant::now();
    while !operator.log().contains("cannot watch BatchJobs") {
        assert!(begun.elapsed() < Duration::from_secs(30), "it still watches:\n{}", operator.log());
        std::thread::sleep(Duration::from_millis(100));
    }
    drop(outage);
    stage.create_many(OBJECTS, &json!({ "jobQueue": "q", "jobDefinition": "long" }));
    // The API server forgot what its watches have shown, so the operator lists anew; a pause lasts half a minute at most.
    stage.wait_until_submitted(OBJECTS, Duration::from_mins(2));
    stage.assert_exactly_once();
}
