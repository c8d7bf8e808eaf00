//! A permission is missing that only work shows: the log names it, no job runs twice, and all goes on once it is granted.

use std::time::Duration;

use batch_double::Behaviour;
use serde_json::json;

use super::permissions::grant;
use crate::operator::Operator;
use crate::stage::{Stage, plane};

/// Longer than the pauses between tries have grown meanwhile.
const SOON: Duration = Duration::from_secs(40);

/// An operator without that verb, and an object of its own.
fn without(resource: &str, verb: &str) -> (Stage, Operator, String) {
    let name = format!("work-{}-{verb}", resource.replace('/', "-"));
    let (stage, user) = (Stage::new(&name), format!("without-{name}"));
    grant("clusterrole", &stage.namespace, &user, Some((resource, verb)));
    grant("role", &stage.namespace, &user, None);
    let kubeconfig = plane().kubeconfig_for(&user, &[]).unwrap();
    let operator = Operator::start_with(&stage, &[], |command| {
        command.env("KUBECONFIG", kubeconfig);
    });
    operator.wait_until_ready(SOON);
    stage.double.set_behaviour("quick", Behaviour::runs(200));
    let spec = json!({ "jobQueue": "q", "jobDefinition": "quick", "ttlSecondsAfterFinished": 1 });
    stage.create("mine", spec);
    (stage, operator, user)
}

fn wait_for_log(stage: &Stage, operator: &Operator, words: &[&str]) {
    let says = |line: &str| words.iter().all(|word| line.contains(word));
    stage.wait(SOON, &format!("the log says {words:?}"), || operator.log().lines().any(says));
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn without_the_right_to_claim_nothing_is_sent() {
    let (stage, operator, user) = without("batchjobs", "patch");
    wait_for_log(&stage, &operator, &["failed to write the claim", "forbidden", "patch", "batchjobs"]);
    assert_eq!(stage.double.accepted(), 0);
    grant("clusterrole", &stage.namespace, &user, None);
    stage.wait(SOON, "its job has run", || stage.list().is_empty());
    assert_eq!(stage.double.accepted(), 1);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn without_the_right_to_tell_one_job_runs_and_is_told_later() {
    let (stage, operator, user) = without("batchjobs/status", "update");
    wait_for_log(&stage, &operator, &["failed to write status", "forbidden", "update", "batchjobs/status"]);
    grant("clusterrole", &stage.namespace, &user, None);
    stage.wait(SOON, "its job has run", || stage.list().is_empty());
    assert_eq!(stage.double.accepted(), 1);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn without_the_right_to_delete_finished_objects_stay() {
    let (stage, operator, user) = without("batchjobs", "delete");
    wait_for_log(&stage, &operator, &["failed to delete the object", "forbidden", "delete", "batchjobs"]);
    grant("clusterrole", &stage.namespace, &user, None);
    stage.wait(SOON, "it is deleted", || stage.list().is_empty());
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn without_the_right_to_write_events_all_else_goes_on() {
    let (stage, operator, _) = without("events", "create");
    wait_for_log(&stage, &operator, &["cannot write Events", "forbidden", "create", "events"]);
    stage.wait(SOON, "its job has run", || stage.list().is_empty());
    assert_eq!(operator.log().matches("cannot write Events").count(), 1, "{}", operator.log());
}
