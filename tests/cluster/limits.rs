//! What ends a job before its time, and what becomes of its object after its end.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::Behaviour;
use serde_json::json;

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn deadlines_end_a_job_and_say_which_it_missed_through_a_restart_too() {
    let stage = Stage::new("deadlines");
    let mut operator = Operator::ready(&stage, &[]);
    let stuck = Some("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT".to_owned());
    stage.double.set_behaviour("stuck", Behaviour { stuck, ..Behaviour::default() });
    stage.double.set_behaviour("long", Behaviour::forever());
    stage.create("queued", json!({ "jobQueue": "q", "jobDefinition": "stuck", "queueDeadlineSeconds": 3 }));
    stage.create("active", json!({ "jobQueue": "q", "jobDefinition": "long", "activeDeadlineSeconds": 4 }));
    stage.kubectl(&["wait", "--for=condition=Submitted", "bj/queued", "bj/active", "--timeout=20s"]).unwrap();
    operator.kill();
    let _again = Operator::ready(&stage, &[]);
    for (name, reason) in [("queued", "QueueDeadlineExceeded"), ("active", "DeadlineExceeded")] {
        let status = stage.wait_for_phase(name, Phase::Failed, SOON).status.unwrap();
        let failed = status.conditions.iter().find(|condition| condition.type_ == "Failed").unwrap();
        assert_eq!(failed.reason, reason);
    }
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_finished_object_goes_after_its_time_to_live() {
    let stage = Stage::new("ttl");
    let _operator = Operator::ready(&stage, &[]);
    stage.create("kept", json!({ "jobQueue": "q", "jobDefinition": "quick" }));
    stage.create("brief", json!({ "jobQueue": "q", "jobDefinition": "quick", "ttlSecondsAfterFinished": 1 }));
    stage.wait(SOON, "brief is gone", || stage.list().len() == 1);
    stage.wait_for_phase("kept", Phase::Succeeded, SOON);
    assert_eq!(stage.double.accepted(), 2);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_object_that_git_keeps_outlives_its_time_and_says_why_once() {
    let stage = Stage::new("ttl-git");
    let _operator = Operator::ready(&stage, &[]);
    stage.create_object(json!({
        "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
        "metadata": { "name": "kept", "labels": { "kustomize.toolkit.fluxcd.io/name": "apps" } },
        "spec": { "jobQueue": "q", "jobDefinition": "quick", "ttlSecondsAfterFinished": 1 },
    }));
    stage.create("brief", json!({ "jobQueue": "q", "jobDefinition": "quick", "ttlSecondsAfterFinished": 3 }));
    let path = r#"jsonpath={.status.conditions[?(@.type=="Complete")].message}"#;
    stage.kubectl(&["wait", "--for=condition=Complete", "bj/kept", "--timeout=20s"]).unwrap();
    let message = stage.kubectl(&["get", "bj", "kept", "-o", path]).unwrap();
    assert!(message.contains("Flux would create the object again"), "{message}");
    stage.kubectl(&["wait", "--for=delete", "bj/brief", "--timeout=20s"]).unwrap();
    let ignored = ["get", "events", "--field-selector", "reason=TtlIgnored", "-o", "name"];
    stage.wait(SOON, "an Event says so", || stage.kubectl(&ignored).unwrap().lines().count() == 1);
    assert_eq!(stage.get("kept").status.unwrap().phase, Some(Phase::Succeeded));
}
