//! Argo CD with `Replace=true` puts the manifest in place of the object, and takes the operator's finalizer and claim with
//! it.

use std::time::Duration;

use aws_batch_operator::api::{BatchJob, CLAIM_ANNOTATION, FINALIZER, Phase};
use batch_double::Behaviour;
use serde_json::{Value, json};

use crate::application::{Application, job, of};
use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);

/// What a namespace holds beside jobs, so that it does not become empty, which Argo CD would not allow.
const REST: &str = "{ apiVersion: v1, kind: ConfigMap, metadata: { name: rest } }";

fn bears_a_claim(object: &BatchJob) -> bool {
    object.metadata.annotations.iter().flatten().any(|(name, _)| name == CLAIM_ANNOTATION)
}

fn is_held(object: &BatchJob) -> bool {
    object.metadata.finalizers.iter().flatten().any(|finalizer| finalizer == FINALIZER)
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_sync_that_replaces_runs_no_second_job_and_a_prune_ends_the_first() {
    let stage = Stage::new("argo-replace");
    stage.double.set_behaviour("hour", Behaviour::runs(3_600_000));
    let _operator = Operator::ready(&stage, &[]);
    let mut train: Value = serde_json::from_str(&job("train", of("hour"))).unwrap();
    train["metadata"]["annotations"] = json!({ "argocd.argoproj.io/sync-options": "Replace=true" });
    let files = [("rest.yaml", REST.to_owned()), ("train.yaml", train.to_string())];
    let application = Application::new(&stage, &files);
    stage.wait_for_phase("train", Phase::Running, SOON);
    // The job was submitted, so there was a claim. Argo CD may have put the manifest in its place before.
    application.sync();
    application.wait("the sync has put the manifest in its place", || !bears_a_claim(&stage.get("train")));
    stage.wait(SOON, "it has its finalizer again", || is_held(&stage.get("train")));
    assert_eq!(application.status("/sync/status"), "Synced");
    application.remove("train.yaml");
    application.wait("it is gone", || stage.find("train").is_none());
    let ended: Vec<bool> = stage.double.jobs().iter().map(|job| job.is_terminated).collect();
    assert_eq!(ended, [true]);
}
