//! What an Application is while its jobs run, and when they have ended.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::{Behaviour, Config};
use serde_json::json;

use crate::application::{Application, job, of};
use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);
const HOUR: Duration = Duration::from_hours(1);

fn an_hour() -> Behaviour {
    Behaviour::runs(3_600_000)
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_application_progresses_with_its_jobs_and_is_healthy_when_they_have_succeeded() {
    let stage = Stage::new("argo-healthy");
    stage.double.set_behaviour("hour", an_hour());
    let _operator = Operator::ready(&stage, &[]);
    let files = [("first.yaml", job("first", of("quick"))), ("second.yaml", job("second", of("hour")))];
    let application = Application::new(&stage, &files);
    stage.wait_for_phase("first", Phase::Succeeded, SOON);
    stage.wait_for_phase("second", Phase::Running, SOON);
    application.wait_for("Progressing");
    application.wait("it shows what AWS says", || {
        application.health_of("second") == ("Progressing".to_owned(), "RUNNING".to_owned())
    });
    stage.double.advance(HOUR);
    application.wait_for("Healthy");
    stage.assert_exactly_once();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_application_is_degraded_with_the_reason_when_a_job_fails_or_is_refused() {
    let stage = Stage::with("argo-degraded", &Config { queues: vec!["q".to_owned()], ..Config::default() });
    let reason = Some("OutOfMemoryError: container killed due to memory usage".to_owned());
    stage.double.set_behaviour("hungry", Behaviour { reason, exit_code: 137, ..an_hour() });
    let _operator = Operator::ready(&stage, &[]);
    let application = Application::new(&stage, &[("train.yaml", job("train", of("hungry")))]);
    application.wait_for("Progressing");
    stage.wait_for_phase("train", Phase::Running, SOON);
    stage.double.advance(HOUR);
    application.wait_for("Degraded");
    let (health, why) = application.health_of("train");
    assert_eq!(health, "Degraded");
    assert!(why.starts_with("JobFailed: ") && why.contains("OutOfMemoryError"), "{why}");

    let typo = json!({ "jobQueue": "typo", "jobDefinition": "quick" });
    application.push(&[("typo.yaml", job("typo", typo))]);
    application.wait("the other one is degraded too", || application.health_of("typo").0 == "Degraded");
    let (_, why) = application.health_of("typo");
    assert!(why.starts_with("Refused: ") && why.contains("typo"), "{why}");
}
