//! The actions of docs/gitops.md, run as a person runs them, on an Application that heals itself.

use std::time::Duration;

use aws_batch_operator::api::{DeletionPolicy, Phase};
use batch_double::Behaviour;
use serde_json::json;

use crate::application::{Application, job, of};
use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn suspend_holds_a_job_back_and_resume_lets_it_go() {
    let stage = Stage::new("argo-suspend");
    let _operator = Operator::ready(&stage, &[]);
    let spec = json!({ "jobQueue": "q", "jobDefinition": "quick", "dependsOn": [{ "name": "prepare" }] });
    let application = Application::new(&stage, &[("train.yaml", job("train", spec))]);
    application.wait_for("Progressing");
    application.run_action("suspend", "train");
    application.wait_for("Suspended");
    application.push(&[("prepare.yaml", job("prepare", of("quick")))]);
    stage.wait_for_phase("prepare", Phase::Succeeded, SOON);
    assert_eq!(
        stage.get("train").status.unwrap().phase,
        Some(Phase::Suspended),
        "it is held, though it could go"
    );
    application.run_action("resume", "train");
    application.wait_for("Healthy");
    stage.assert_exactly_once();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn terminate_ends_the_job_keeps_its_record_and_nothing_runs_again() {
    let stage = Stage::new("argo-terminate");
    stage.double.set_behaviour("forever", Behaviour::forever());
    let _operator = Operator::ready(&stage, &[]);
    let application = Application::new(&stage, &[("train.yaml", job("train", of("forever")))]);
    stage.wait_for_phase("train", Phase::Running, SOON);
    application.wait_for("Progressing");
    application.run_action("terminate", "train");
    application.wait_for("Degraded");
    let (_, why) = application.health_of("train");
    assert!(why.starts_with("DeadlineExceeded: "), "{why}");
    assert!(stage.double.jobs()[0].is_terminated);
    application.refresh("hard");
    application.wait_for("Degraded");
    stage.assert_exactly_once();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn retain_lets_the_job_outlive_its_object() {
    let stage = Stage::new("argo-retain");
    stage.double.set_behaviour("forever", Behaviour::forever());
    let _operator = Operator::ready(&stage, &[]);
    let rest = "{ apiVersion: v1, kind: ConfigMap, metadata: { name: rest } }".to_owned();
    let files = [("train.yaml", job("train", of("forever"))), ("rest.yaml", rest)];
    let application = Application::new(&stage, &files);
    stage.wait_for_phase("train", Phase::Running, SOON);
    application.run_action("retain", "train");
    assert_eq!(stage.get("train").spec.deletion_policy, Some(DeletionPolicy::Retain));
    application.refresh("hard");
    assert_eq!(application.status("/sync/status"), "Synced");
    application.remove("train.yaml");
    application.wait("its object is gone", || stage.find("train").is_none());
    let jobs = stage.double.jobs();
    assert_eq!((jobs.len(), jobs[0].status.as_str(), jobs[0].is_terminated), (1, "RUNNING", false));
}
