//! A job is ended, or shown in a status, only by proof that it is the object's. Judged from AWS's side.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::{Behaviour, Fault, Kind, When};
use serde_json::{Value, json};

use crate::operator::Operator;
use crate::stage::{HASTY, Stage};

const SOON: Duration = Duration::from_secs(30);

fn long() -> Value {
    json!({ "jobQueue": "q", "jobDefinition": "long" })
}

/// A running job of somebody else in the account.
fn victim(stage: &Stage, tags: &Value) -> String {
    stage.double.set_behaviour("long", Behaviour::forever());
    let job =
        json!({ "jobName": "theirs", "jobQueue": "their-queue", "jobDefinition": "long", "tags": tags });
    stage.double.submit(&job).unwrap()
}

fn is_ended(stage: &Stage, id: &str) -> bool {
    stage.double.jobs().iter().any(|job| job.id == id && job.is_terminated)
}

/// Waits until the object says that the job of its status is not proven to be its own.
fn wait_for_not_owned(stage: &Stage, name: &str) {
    stage.wait(SOON, "it says so", || {
        let conditions = stage.get(name).status.unwrap_or_default().conditions;
        conditions.iter().any(|c| c.type_ == "Observed" && c.status == "False" && c.reason == "NotOwned")
    });
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_id_that_somebody_writes_into_a_status_ends_nobodys_job() {
    let stage = Stage::new("forged");
    let theirs = victim(&stage, &json!({ "awsbatch.dev/uid": "6f0f4c43-0000-4000-8000-000000000000" }));
    let mut operator = Operator::ready(&stage, &[]);
    stage.create("mine", long());
    let own = stage.wait_for_phase("mine", Phase::Running, SOON).status.unwrap().job_id.unwrap();
    let forge = || {
        let patch = json!({ "status": { "jobId": theirs, "submittedAt": "2020-01-01T00:00:00Z" } });
        let patch = patch.to_string();
        stage
            .kubectl(&["patch", "bj", "mine", "--subresource=status", "--type=merge", "-p", &patch])
            .unwrap();
    };
    forge();
    stage.wait(SOON, "the process knows better", || {
        stage.get("mine").status.unwrap().job_id.as_deref() == Some(own.as_str())
    });
    operator.kill();
    forge();
    let deadline = r#"{"spec":{"activeDeadlineSeconds":1}}"#;
    stage.kubectl(&["patch", "bj", "mine", "--type=merge", "-p", deadline]).unwrap();
    let _again = Operator::ready(&stage, &[]);
    stage.wait(SOON, "its own job is found, and ended by its deadline", || is_ended(&stage, &own));
    assert!(!is_ended(&stage, &theirs));
    let told = stage.kubectl(&["get", "bj", "mine", "-o", "jsonpath={.status}"]).unwrap();
    assert!(!told.contains("their-queue"), "{told}");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_object_that_never_ran_and_names_a_job_ends_nothing() {
    let stage = Stage::hasty("forged-new");
    let theirs = victim(&stage, &json!({ "awsbatch.dev/uid": "6f0f4c43-0000-4000-8000-000000000000" }));
    stage.create("mine", json!({ "jobQueue": "q", "jobDefinition": "long", "suspend": true }));
    let patch = json!({ "status": { "jobId": theirs, "phase": "Running" } }).to_string();
    stage.kubectl(&["patch", "bj", "mine", "--subresource=status", "--type=merge", "-p", &patch]).unwrap();
    let _operator = Operator::ready(&stage, &HASTY);
    wait_for_not_owned(&stage, "mine");
    stage.kubectl(&["delete", "bj", "mine", "--timeout=60s"]).unwrap();
    assert!(!is_ended(&stage, &theirs));
    assert_eq!(stage.double.count("SubmitJob"), 0);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_decoy_with_the_objects_uid_is_not_taken_for_its_job() {
    let stage = Stage::hasty("decoy");
    stage.create(
        "mine",
        json!({ "jobName": "mine", "jobQueue": "q", "jobDefinition": "long", "suspend": true }),
    );
    let uid = stage.get("mine").metadata.uid.unwrap();
    stage.double.set_behaviour("long", Behaviour::forever());
    let tags = json!({ "awsbatch.dev/uid": uid, "awsbatch.dev/cluster": "elsewhere" });
    let decoy = json!({ "jobName": "mine", "jobQueue": "q", "jobDefinition": "long", "tags": tags });
    let decoy = stage.double.submit(&decoy).unwrap();
    stage.double.set_faults(vec![Fault::next("SubmitJob", Kind::Drop, When::After, 1)]);
    let _operator = Operator::ready(&stage, &HASTY);
    stage.kubectl(&["patch", "bj", "mine", "--type=merge", "-p", r#"{"spec":{"suspend":false}}"#]).unwrap();
    stage.wait_until_submitted(1, SOON);
    let own = stage.get("mine").status.unwrap().job_id.unwrap();
    assert_ne!(own, decoy);
    stage.kubectl(&["delete", "bj", "mine", "--timeout=60s"]).unwrap();
    assert!(is_ended(&stage, &own) && !is_ended(&stage, &decoy));
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_clone_of_the_cluster_ends_no_job_of_its_original() {
    let stage = Stage::hasty("clone");
    stage.double.set_behaviour("long", Behaviour::forever());
    let mut original = Operator::ready(&stage, &["--cluster-id", "original"]);
    stage.create("mine", long());
    stage.wait_for_phase("mine", Phase::Running, SOON);
    original.kill();
    let _drill = Operator::ready(&stage, &[&HASTY[..], &["--cluster-id", "drill"]].concat());
    wait_for_not_owned(&stage, "mine");
    stage.kubectl(&["delete", "bj", "mine", "--timeout=60s"]).unwrap();
    let jobs = stage.double.jobs();
    assert_eq!((jobs.len(), jobs[0].is_terminated), (1, false), "nor does it run again");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_job_whose_tags_somebody_takes_off_is_told_of_and_let_go_by_hand() {
    let stage = Stage::hasty("untagged");
    let mut operator = Operator::ready(&stage, &HASTY);
    stage.double.set_behaviour("long", Behaviour::forever());
    for name in ["seen", "after"] {
        stage.create(name, long());
        stage.wait_for_phase(name, Phase::Running, SOON);
    }
    stage.double.untag_jobs();
    stage.kubectl(&["delete", "bj", "seen", "--timeout=30s"]).unwrap();
    let ended = || stage.double.jobs().iter().filter(|job| job.is_terminated).count();
    assert_eq!(ended(), 1, "a process that has proven it once needs no tags");
    operator.kill();
    let _operator = Operator::ready(&stage, &HASTY);
    wait_for_not_owned(&stage, "after");
    stage.kubectl(&["delete", "bj", "after", "--wait=false"]).unwrap();
    let says = |part: &str| stage.get("after").status.unwrap().reason.is_some_and(|it| it.contains(part));
    stage.wait(SOON, "the way out is printed", || says("kubectl patch bj after"));
    let retain = r#"{"spec":{"deletionPolicy":"Retain"}}"#;
    stage.kubectl(&["patch", "bj", "after", "--type=merge", "-p", retain]).unwrap();
    stage.kubectl(&["wait", "--for=delete", "bj/after", "--timeout=30s"]).unwrap();
    assert_eq!((ended(), stage.double.count("SubmitJob")), (1, 2), "and its job goes on");
}
