//! Objects that follow a job which exists: never a submission, only with consent, and what speaks against it is said.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::Behaviour;
use serde_json::{Value, json};

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);

/// The cluster's id, as grants name it.
const CLUSTER: [&str; 2] = ["--cluster-id", "ours"];

/// A job that somebody else submitted, with these tags.
fn foreign(stage: &Stage, queue: &str, tags: &Value) -> String {
    stage.double.set_behaviour("long", Behaviour::forever());
    let job = json!({ "jobName": "theirs", "jobQueue": queue, "jobDefinition": "long", "tags": tags });
    stage.double.submit(&job).unwrap()
}

/// Such a job that a tag grants to all objects of the namespace.
fn granted(stage: &Stage, queue: &str) -> String {
    foreign(stage, queue, &json!({ "awsbatch.dev/adoptable-by": format!("ours/{}/*", stage.namespace) }))
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
fn a_job_that_a_tag_grants_is_followed_and_ended_with_its_object() {
    let stage = Stage::new("adopt");
    let id = granted(&stage, "q");
    let mut operator = Operator::ready(&stage, &CLUSTER);
    stage.create_object(adopting("mine", &id));
    stage.kubectl(&["wait", "--for=condition=Submitted", "bj/mine", "--timeout=20s"]).unwrap();
    let status = stage.wait_for_phase("mine", Phase::Running, SOON).status.unwrap();
    assert_eq!(status.job_id.as_deref(), Some(id.as_str()));
    operator.kill();
    let _again = Operator::ready(&stage, &CLUSTER);
    stage.kubectl(&["delete", "bj", "mine", "--timeout=20s"]).unwrap();
    assert_eq!(stage.double.jobs()[0].status, "FAILED", "deletionPolicy applies to an adopted job");
    assert_eq!(stage.double.count("SubmitJob"), 0);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_wrong_job_is_not_followed_until_the_annotation_is_right() {
    let stage = Stage::new("adopt-wrong");
    let (right, elsewhere) = (granted(&stage, "q"), granted(&stage, "other"));
    let _operator = Operator::ready(&stage, &CLUSTER);
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

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_that_nobody_granted_is_neither_followed_nor_ended_nor_told_of() {
    let stage = Stage::new("adopt-foreign");
    let _operator = Operator::ready(&stage, &CLUSTER);
    let tags = |cluster: &str, namespace: &str| {
        json!({
            "awsbatch.dev/uid": "6f0f4c43-0000-4000-8000-000000000000", "awsbatch.dev/cluster": cluster,
            "awsbatch.dev/namespace": namespace, "awsbatch.dev/name": "theirs-alone",
        })
    };
    let strangers = [
        ("without-tags", foreign(&stage, "q", &json!({ "team": "b" }))),
        ("other-cluster", foreign(&stage, "q", &tags("theirs", "adopt-foreign"))),
        ("other-namespace", foreign(&stage, "q", &tags("ours", "team-b"))),
        ("other-queue", foreign(&stage, "their-queue", &json!({}))),
        ("other-grant", foreign(&stage, "q", &json!({ "awsbatch.dev/adoptable-by": "ours/team-b/*" }))),
    ];
    for (name, id) in &strangers {
        let mut object = adopting(name, id);
        object["spec"]["activeDeadlineSeconds"] = json!(1);
        stage.create_object(object);
        wait_for_reason(&stage, name, "nothing in AWS grants it");
        let told = stage.kubectl(&["get", "bj", name, "-o", "jsonpath={.status}"]).unwrap();
        assert!(
            !["theirs-alone", "team-b", "their-queue", "RUNNING"].iter().any(|it| told.contains(it)),
            "{told}"
        );
    }
    stage.kubectl(&["delete", "bj", "--all", "--timeout=20s"]).unwrap();
    assert!(stage.double.jobs().iter().all(|job| !job.is_terminated), "none is ended");
    assert_eq!(stage.double.count("SubmitJob"), 0);
}
