//! The examples for GitOps tools that other tests do not cover.

use std::fs;
use std::path::Path;
use std::time::Duration;

use aws_batch_operator::api::Phase;
use serde_json::{Value, json};

use crate::application::Application;
use crate::argo::argo;
use crate::operator::Operator;
use crate::stage::{Stage, plane};

const SOON: Duration = Duration::from_secs(20);

fn path(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/gitops").join(name).display().to_string()
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_suspended_template_runs_when_it_is_resumed_and_lies_there_again_when_it_is_deleted() {
    let stage = Stage::new("argo-suspended");
    let _operator = Operator::ready(&stage, &[]);
    let text = fs::read_to_string(path("argocd/application.yaml")).unwrap();
    let shipped: Value = serde_saphyr::from_str(&text).unwrap();
    let spec = &shipped["spec"];
    let spec = json!({ "ignoreDifferences": spec["ignoreDifferences"], "syncPolicy": spec["syncPolicy"] });
    let drill = fs::read_to_string(path("suspended/restore-drill.yaml")).unwrap();
    let application = Application::with(&stage, &[("restore-drill.yaml", drill)], spec);
    application.wait_for("Suspended");
    assert_eq!(stage.double.accepted(), 0);

    application.run_action("resume", "restore-drill");
    stage.wait(SOON, "it is submitted", || stage.double.accepted() == 1);
    application.refresh("hard");
    assert_eq!(application.status("/sync/status"), "Synced");
    application.sync();
    assert_eq!(stage.get("restore-drill").spec.suspend, Some(false), "a sync leaves it resumed");

    let uid = stage.get("restore-drill").metadata.uid;
    stage.kubectl(&["delete", "bj", "restore-drill"]).unwrap();
    stage.wait(SOON, "another lies there", || {
        stage.find("restore-drill").is_some_and(|object| object.metadata.uid != uid)
    });
    stage.wait_for_phase("restore-drill", Phase::Suspended, SOON);
    application.wait_for("Suspended");
    assert_eq!(stage.double.accepted(), 1);
}

/// The name of the BatchJob that kustomize makes of a folder.
fn kustomized(folder: &str) -> String {
    let objects: Vec<Value> =
        serde_saphyr::from_multiple(&plane().run(&["kustomize", folder]).unwrap()).unwrap();
    let job = objects.iter().find(|object| object["kind"] == "BatchJob").unwrap();
    job["metadata"]["name"].as_str().unwrap().to_owned()
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn kustomize_names_a_changed_job_anew_and_an_unchanged_one_as_before() {
    let folder = plane().dir().join("kustomize");
    fs::create_dir(&folder).unwrap();
    for name in ["kustomization.yaml", "names.yaml", "job.yaml"] {
        fs::copy(path(&format!("kustomize/{name}")), folder.join(name)).unwrap();
    }
    let folder_name = folder.display().to_string();
    let before = kustomized(&folder_name);
    assert!(before.starts_with("train-") && before.len() > "train-".len(), "{before}");
    assert_eq!(kustomized(&folder_name), before);
    let job = fs::read_to_string(folder.join("job.yaml")).unwrap();
    fs::write(folder.join("job.yaml"), job.replace("\"10\"", "\"20\"")).unwrap();
    assert_ne!(kustomized(&folder_name), before);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn argo_cd_takes_the_examples_of_its_own_kinds() {
    // It brings its CRDs and its namespace.
    argo();
    let files = ["argocd/application.yaml", "argocd/applicationset.yaml"].map(path);
    let create = ["create", "--dry-run=server", "--validate=strict", "--filename"];
    for file in &files {
        plane().run(&[&create[..], &[file]].concat()).unwrap();
    }
}
