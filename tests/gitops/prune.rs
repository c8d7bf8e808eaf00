//! What becomes of jobs whose object is pruned, or whose Application is deleted.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::Behaviour;
use serde_json::{Value, json};

use crate::application::{Application, job, of};
use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);
const HOUR: Duration = Duration::from_hours(1);

/// What a namespace holds beside jobs, so that it does not become empty, which Argo CD would not allow.
const REST: &str = "{ apiVersion: v1, kind: ConfigMap, metadata: { name: rest } }";

fn long(policy: &str) -> Value {
    json!({ "jobQueue": "q", "jobDefinition": "hour", "deletionPolicy": policy })
}

/// AWS's word for the job of that name, and whether anyone has asked to end it.
fn in_aws(stage: &Stage, name: &str) -> (String, bool) {
    let jobs = stage.double.jobs();
    let job = jobs.into_iter().find(|job| job.name == name).unwrap();
    (job.status, job.is_terminated || job.is_cancelled)
}

fn stage(name: &str) -> Stage {
    let stage = Stage::new(name);
    stage.double.set_behaviour("hour", Behaviour::runs(3_600_000));
    stage
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn prune_treats_each_job_by_its_deletion_policy() {
    let stage = stage("argo-prune");
    let _operator = Operator::ready(&stage, &[]);
    let application = Application::new(
        &stage,
        &[
            ("rest.yaml", REST.to_owned()),
            ("done.yaml", job("done", of("quick"))),
            ("ended.yaml", job("ended", long("Terminate"))),
            ("kept.yaml", job("kept", long("Retain"))),
            ("awaited.yaml", job("awaited", long("Cancel"))),
        ],
    );
    stage.wait_for_phase("done", Phase::Succeeded, SOON);
    for name in ["ended", "kept", "awaited"] {
        stage.wait_for_phase(name, Phase::Running, SOON);
    }
    for name in ["done", "ended", "kept"] {
        application.remove(&format!("{name}.yaml"));
        application.wait(&format!("{name} is gone"), || stage.find(name).is_none());
    }
    assert_eq!(in_aws(&stage, "ended"), ("FAILED".to_owned(), true));
    assert_eq!(in_aws(&stage, "kept"), ("RUNNING".to_owned(), false));

    application.remove("awaited.yaml");
    let is_deleted = || stage.get("awaited").metadata.deletion_timestamp.is_some();
    application.wait("it is deleted, and there", is_deleted);
    application.refresh("hard");
    assert_eq!(in_aws(&stage, "awaited"), ("RUNNING".to_owned(), false));
    stage.double.advance(HOUR);
    application.wait("it is gone", || stage.find("awaited").is_none());
    assert_eq!(in_aws(&stage, "awaited"), ("SUCCEEDED".to_owned(), false));
    application.wait_for("Healthy");
    assert_eq!(stage.double.accepted(), 4);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn deleting_an_application_with_its_objects_ends_their_jobs() {
    let stage = stage("argo-delete");
    let _operator = Operator::ready(&stage, &[]);
    let application = Application::new(&stage, &[("train.yaml", job("train", long("Terminate")))]);
    stage.wait_for_phase("train", Phase::Running, SOON);
    application.patch(&json!({ "metadata": { "finalizers": ["resources-finalizer.argocd.argoproj.io"] } }));
    application.delete();
    stage.wait(SOON, "the object is gone", || stage.find("train").is_none());
    assert_eq!(in_aws(&stage, "train"), ("FAILED".to_owned(), true));
    assert_eq!(stage.double.accepted(), 1);
}
