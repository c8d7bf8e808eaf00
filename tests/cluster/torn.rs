//! An object that is taken away in spite of its finalizer, as the API server's own race does it: its job is ended.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::Behaviour;
use serde_json::json;

use crate::operator::Operator;
use crate::stage::{Stage, plane};

const SOON: Duration = Duration::from_secs(20);

fn run_and_erase(stage: &Stage, policy: &str) {
    stage.double.set_behaviour("long", Behaviour::forever());
    stage.create("long", json!({ "jobQueue": "q", "jobDefinition": "long", "deletionPolicy": policy }));
    stage.wait_for_phase("long", Phase::Running, SOON);
    plane().erase(&format!("/registry/awsbatch.dev/batchjobs/{}/long", stage.namespace)).unwrap();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn the_job_of_an_object_that_was_torn_away_is_ended() {
    let stage = Stage::new("torn");
    let operator = Operator::ready(&stage, &[]);
    run_and_erase(&stage, "Terminate");
    stage.wait(SOON, "its job has ended", || stage.double.jobs()[0].status == "FAILED");
    assert!(operator.log().contains("deleted without waiting for its finalizer"), "{}", operator.log());
    // The name is free: what was remembered of the first is not taken for the second.
    stage.create("long", json!({ "jobQueue": "q", "jobDefinition": "long" }));
    let second = stage.wait_for_phase("long", Phase::Running, SOON);
    assert_eq!(second.status.unwrap().job_id.unwrap(), stage.double.jobs()[1].id);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_retained_job_outlives_an_object_that_was_torn_away() {
    let stage = Stage::new("torn-retained");
    let operator = Operator::ready(&stage, &[]);
    run_and_erase(&stage, "Retain");
    stage.wait(SOON, "it says so", || operator.log().contains("is left alone: deletionPolicy is Retain"));
    assert_eq!(stage.double.jobs()[0].status, "RUNNING");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_object_that_was_let_go_was_not_torn_away() {
    let stage = Stage::new("let-go");
    let operator = Operator::ready(&stage, &[]);
    for name in ["deleted", "after"] {
        stage.create(name, json!({ "jobQueue": "q", "jobDefinition": "sleep60" }));
        stage.wait_for_phase(name, Phase::Running, SOON);
        stage.kubectl(&["delete", "bj", name, "--timeout=30s"]).unwrap();
    }
    // The deletion of the first was seen before the second came.
    assert!(!operator.log().contains("deleted without waiting"), "{}", operator.log());
}
