//! What makes Argo CD create an object again, which is a new run, and what does not.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use serde_json::{Value, json};

use crate::application::{Application, job, of};
use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_object_that_somebody_deletes_is_created_again_and_runs_again() {
    let stage = Stage::new("argo-deleted");
    let _operator = Operator::ready(&stage, &[]);
    let application = Application::new(&stage, &[("train.yaml", job("train", of("quick")))]);
    application.wait_for("Healthy");
    stage.kubectl(&["delete", "bj", "train"]).unwrap();
    application.wait("it has run again", || stage.double.accepted() == 2);
    application.wait_for("Healthy");
    stage.assert_none_twice();
}

/// The same job by another definition, with these options of a sync.
fn changed(options: &str) -> Vec<(&'static str, String)> {
    let mut object: Value = serde_json::from_str(&job("train", of("other"))).unwrap();
    object["metadata"]["annotations"] = json!({ "argocd.argoproj.io/sync-options": options });
    vec![("train.yaml", object.to_string())]
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_changed_member_of_the_request_fails_the_sync_unless_forced_and_then_every_sync_is_a_run() {
    let stage = Stage::new("argo-changed");
    let _operator = Operator::ready(&stage, &[]);
    let once = json!({ "syncPolicy": { "automated": { "selfHeal": true }, "retry": { "limit": 0 } } });
    let application = Application::with(&stage, &[("train.yaml", job("train", of("quick")))], once);
    application.wait_for("Healthy");
    for options in ["Prune=true", "Replace=true"] {
        application.push(&changed(options));
        application.wait("the sync has failed for that reason", || {
            let object = application.get();
            let status = &object.data["status"];
            let is_of_this = status["operationState"]["syncResult"]["revision"] == status["sync"]["revision"];
            let why = status["operationState"]["syncResult"]["resources"][0]["message"].as_str();
            let is_why =
                why.is_some_and(|why| why.contains("jobDefinition is immutable; create a new BatchJob"));
            is_of_this && is_why && status["operationState"]["phase"] == "Failed"
        });
    }
    assert_eq!(stage.double.accepted(), 1, "nothing has run");

    application.push(&changed("Force=true,Replace=true"));
    application.wait("it has run again", || stage.double.accepted() > 1);
    stage.wait_for_phase("train", Phase::Succeeded, SOON);
    application.wait_for("Healthy");
    let runs = stage.double.accepted();
    application.sync();
    application.wait("every sync is a run", || stage.double.accepted() > runs);
    stage.assert_none_twice();
}
