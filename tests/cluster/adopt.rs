//! Objects that follow a job which exists: never a submission, and what speaks against it is said.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::Behaviour;
use serde_json::{Value, json};

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);

/// A job that somebody else submitted.
fn foreign(stage: &Stage, queue: &str) -> String {
    stage.double.set_behaviour("long", Behaviour::forever());
    let job = json!({ "jobName": "theirs", "jobQueue": queue, "jobDefinition": "long" });
    stage.double.submit(&job).unwrap()
}

fn adopting(name: &str, id: &str) -> Value {
    json!({
        "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
        "metadata": { "name": name, "annotations": { "awsbatch.dev/adopt": id } },
        "spec": { "jobQueue": "q", "jobDefinition": "long" },
    })
}

fn wait_for_reason(stage: &Stage, name: &str, part: &str) {
    stage.wait(SOON, &format!("{name} says: {part}"), || {
        let status = stage.get(name).status.unwrap_or_default();
        status.reason.is_some_and(|reason| reason.contains(part))
    });
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_of_somebody_else_is_followed_and_ended_with_its_object() {
    let stage = Stage::new("adopt");
    let id = foreign(&stage, "q");
    let mut operator = Operator::ready(&stage, &[]);
    stage.create_object(adopting("mine", &id));
    stage.kubectl(&["wait", "--for=condition=Submitted", "bj/mine", "--timeout=20s"]).unwrap();
    let status = stage.wait_for_phase("mine", Phase::Running, SOON).status.unwrap();
    assert_eq!(status.job_id.as_deref(), Some(id.as_str()));
    operator.kill();
    let _again = Operator::ready(&stage, &[]);
    stage.kubectl(&["delete", "bj", "mine", "--timeout=20s"]).unwrap();
    assert_eq!(stage.double.jobs()[0].status, "FAILED", "deletionPolicy applies to an adopted job");
    assert_eq!(stage.double.count("SubmitJob"), 0);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_wrong_job_is_not_followed_until_the_annotation_is_right() {
    let stage = Stage::new("adopt-wrong");
    let (right, elsewhere) = (foreign(&stage, "q"), foreign(&stage, "other"));
    let _operator = Operator::ready(&stage, &[]);
    stage.create_object(adopting("mine", "876da822-4198-45f2-a252-6cea32512ea8"));
    wait_for_reason(&stage, "mine", "AWS does not tell of job 876da822");
    let annotate = |id: &str| {
        let annotation = format!("awsbatch.dev/adopt={id}");
        stage.kubectl(&["annotate", "--overwrite", "bj", "mine", &annotation]).unwrap();
    };
    annotate(&elsewhere);
    wait_for_reason(&stage, "mine", "is in queue other, and spec.jobQueue is q");
    annotate(&format!("arn:aws:batch:eu-west-1:123456789012:job/{right}"));
    wait_for_reason(&stage, "mine", "is in Region eu-west-1");
    let events = || stage.kubectl(&["describe", "bj", "mine"]).unwrap().contains("CannotAdopt");
    stage.wait(SOON, "an Event says so", events);
    annotate(&right);
    let status = stage.wait_for_phase("mine", Phase::Running, SOON).status.unwrap();
    assert_eq!(status.job_id, Some(right));
    assert_eq!(stage.double.count("SubmitJob"), 0);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_that_another_object_follows_is_taken_over_only_when_that_is_gone() {
    let stage = Stage::new("adopt-owned");
    stage.double.set_behaviour("long", Behaviour::forever());
    let _operator = Operator::ready(&stage, &[]);
    stage.create("old", json!({ "jobQueue": "q", "jobDefinition": "long", "deletionPolicy": "Retain" }));
    let id = stage.wait_for_phase("old", Phase::Running, SOON).status.unwrap().job_id.unwrap();
    stage.create_object(adopting("new", &id));
    wait_for_reason(&stage, "new", "belongs to BatchJob adopt-owned/old");
    stage.kubectl(&["delete", "bj", "old", "--timeout=5s"]).unwrap();
    let status = stage.wait_for_phase("new", Phase::Running, Duration::from_secs(45)).status.unwrap();
    assert_eq!(status.job_id, Some(id));
    assert_eq!(stage.double.count("SubmitJob"), 1);
}
