//! What AWS surely did not accept: named, tried again, and known to the next process too.

use std::time::Duration;

use aws_batch_operator::api::BatchJob;
use batch_double::{Behaviour, Config};
use serde_json::json;

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);

fn reason_of_submitted(object: &BatchJob) -> Option<String> {
    let conditions = &object.status.as_ref()?.conditions;
    conditions
        .iter()
        .find(|condition| condition.type_ == "Submitted")
        .map(|condition| condition.reason.clone())
}

/// Waits until `Submitted` gives that reason.
pub fn wait_for_reason(stage: &Stage, name: &str, reason: &str) -> BatchJob {
    stage.wait(SOON, &format!("{name}: {reason}"), || {
        reason_of_submitted(&stage.get(name)).as_deref() == Some(reason)
    });
    stage.get(name)
}

/// How many submissions in a row the status records as not accepted.
fn attempts(stage: &Stage, name: &str) -> Option<u32> {
    Some(stage.get(name).status?.submission?.attempts)
}

/// A double that knows queue `q` and definition `quick` only.
fn small(name: &str) -> Stage {
    let known =
        Config { queues: vec!["q".to_owned()], definitions: vec!["quick".to_owned()], ..Config::default() };
    Stage::with(name, &known)
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_missing_definition_is_named_and_tried_again() {
    let stage = small("refused");
    let operator = Operator::ready(&stage, &[]);
    stage.create("typo", json!({ "jobQueue": "q", "jobDefinition": "typo" }));
    let object = wait_for_reason(&stage, "typo", "Refused");
    let text = object.status.clone().unwrap().reason.unwrap();
    assert!(text.contains("typo") && text.contains("us-east-1"), "{text}");
    let shown = object.status.unwrap().conditions;
    let tries = stage.double.count("SubmitJob");
    stage.wait(SOON, "a second try", || stage.double.count("SubmitJob") > tries);
    stage
        .wait(SOON, "the second try is recorded", || attempts(&stage, "typo").is_some_and(|tries| tries > 1));
    assert_eq!(stage.get("typo").status.unwrap().conditions, shown, "the same refusal is no news");
    let told = ["get", "events", "--field-selector", "reason=Refused", "-o", "name"];
    stage.wait(SOON, "one Event says so", || stage.kubectl(&told).unwrap().lines().count() == 1);
    assert!(operator.get("/metrics").unwrap().1.contains(r#"operation="SubmitJob",outcome="refused""#));
    stage.kubectl(&["delete", "bj", "typo", "--timeout=5s"]).unwrap();
    assert_eq!(stage.double.accepted(), 0);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_refusal_survives_a_kill_and_its_object_goes_at_once() {
    let stage = small("refused-restart");
    let mut operator = Operator::ready(&stage, &[]);
    stage.create("typo", json!({ "jobQueue": "q", "jobDefinition": "typo" }));
    wait_for_reason(&stage, "typo", "Refused");
    operator.kill();
    let writes = stage.writes()["status"];
    let tries = stage.double.count("SubmitJob");
    let _again = Operator::ready(&stage, &[]);
    stage.wait(SOON, "it is sent again as before", || stage.double.count("SubmitJob") > tries);
    stage.wait(SOON, "the try is counted on", || attempts(&stage, "typo").is_some_and(|tries| tries > 1));
    wait_for_reason(&stage, "typo", "Refused");
    assert_eq!(stage.writes()["status"], writes + 1, "one record for one try, and no other word");
    assert_eq!(stage.double.count("ListJobs"), 0, "what was surely not accepted needs no look");
    stage.kubectl(&["delete", "bj", "typo", "--timeout=5s"]).unwrap();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_live_jobs_object_that_is_replaced_gets_its_finalizer_back() {
    let stage = Stage::new("replaced-live");
    stage.double.set_behaviour("long", Behaviour::forever());
    let _operator = Operator::ready(&stage, &[]);
    stage.create("live", json!({ "jobQueue": "q", "jobDefinition": "long" }));
    stage.kubectl(&["wait", "--for=jsonpath={.status.phase}=Running", "bj/live", "--timeout=20s"]).unwrap();
    stage.patch("live", &json!({ "metadata": { "finalizers": null, "annotations": null } }));
    stage.wait(SOON, "the finalizer is back", || stage.get("live").metadata.finalizers.is_some());
    stage.kubectl(&["delete", "bj", "live", "--timeout=30s"]).unwrap();
    assert_eq!(stage.double.jobs()[0].status, "FAILED");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn the_job_of_an_object_that_is_deleted_without_its_finalizer_is_ended() {
    let stage = Stage::new("replaced-deleted");
    stage.double.set_behaviour("long", Behaviour::forever());
    let operator = Operator::ready(&stage, &[]);
    stage.create("live", json!({ "jobQueue": "q", "jobDefinition": "long" }));
    stage.kubectl(&["wait", "--for=jsonpath={.status.phase}=Running", "bj/live", "--timeout=20s"]).unwrap();
    // Nobody puts the finalizer back while the operator is stopped.
    operator.signal("STOP");
    stage.patch("live", &json!({ "metadata": { "finalizers": null, "annotations": null } }));
    stage.kubectl(&["delete", "bj", "live", "--timeout=5s"]).unwrap();
    operator.signal("CONT");
    stage.wait(SOON, "its job has ended", || stage.double.jobs()[0].status == "FAILED");
}
