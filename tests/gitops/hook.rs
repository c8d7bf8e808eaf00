//! A BatchJob as a hook of a sync: the example, as it is shipped.

use std::fs;
use std::path::Path;
use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::{Behaviour, Config};
use serde_json::json;

use crate::application::Application;
use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);
const HOUR: Duration = Duration::from_hours(1);

fn example(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/gitops/hook");
    fs::read_to_string(folder.join(name)).unwrap()
}

/// An Application that syncs by itself, and once, with the hook and what comes after it.
fn application<'a>(stage: &'a Stage, hook: &str) -> Application<'a> {
    let files = [("migrate.yaml", hook.to_owned()), ("settings.yaml", example("settings.yaml"))];
    Application::with(stage, &files, json!({ "syncPolicy": { "automated": {}, "retry": { "limit": 0 } } }))
}

/// The schema that the settings name, where they are applied.
fn schema(stage: &Stage) -> Option<String> {
    stage.kubectl(&["get", "configmap", "settings", "--output", "jsonpath={.data.schema}"]).ok()
}

/// Waits for the only BatchJob to be in this phase; answers its name.
fn wait_for_hook(stage: &Stage, phase: Phase) -> String {
    let is_in = || {
        let mut phases = stage.list().into_iter().map(|object| object.status.and_then(|status| status.phase));
        phases.next() == Some(Some(phase))
    };
    stage.wait(SOON, &format!("the hook is {phase:?}"), is_in);
    let [hook] = stage.list().try_into().unwrap();
    hook.metadata.name.unwrap()
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_hook_holds_the_sync_until_its_job_is_complete_and_runs_once_in_every_sync() {
    let stage = Stage::new("argo-hook");
    stage.double.set_behaviour("sleep20", Behaviour::runs(3_600_000));
    let _operator = Operator::ready(&stage, &[]);
    let application = application(&stage, &example("migrate.yaml"));
    let first = wait_for_hook(&stage, Phase::Running);
    application.refresh("hard");
    assert_eq!((application.status("/operationState/phase").as_str(), schema(&stage)), ("Running", None));
    stage.double.advance(HOUR);
    application.wait_for_sync("Succeeded");
    assert_eq!(schema(&stage).unwrap(), "1");
    application.wait_for("Healthy");
    // It keeps a hook's BatchJob for ever, so the example has it go by itself, a day later.
    stage.patch(&first, &json!({ "spec": { "ttlSecondsAfterFinished": 1 } }));
    stage.wait(SOON, "the BatchJob goes by itself", || stage.find(&first).is_none());
    application.refresh("hard");
    assert_eq!(application.status("/sync/status"), "Synced");
    assert_eq!(stage.double.accepted(), 1, "looking is not syncing");

    let next = example("settings.yaml").replace("schema: \"1\"", "schema: \"2\"");
    application.push(&[("settings.yaml", next)]);
    application.wait("the next run has begun", || stage.double.accepted() == 2);
    let second = wait_for_hook(&stage, Phase::Running);
    assert_ne!(first, second);
    assert_eq!(schema(&stage).unwrap(), "1", "the next sync is held too");
    stage.double.advance(HOUR);
    application.wait("the rest is applied", || schema(&stage).unwrap() == "2");
    stage.assert_none_twice();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_hook_that_fails_fails_the_sync() {
    let stage = Stage::new("argo-hook-fails");
    stage.double.set_behaviour("sleep20", Behaviour::fails(3));
    let _operator = Operator::ready(&stage, &[]);
    let application = application(&stage, &example("migrate.yaml"));
    application.wait_for_sync("Failed");
    assert_eq!(schema(&stage), None);
    let hook = &application.get().data["status"]["operationState"]["syncResult"]["resources"][0];
    assert_eq!(hook["hookPhase"], "Failed");
    assert!(hook["message"].as_str().unwrap().starts_with("JobFailed: "), "{hook:#}");
    assert_eq!(stage.double.accepted(), 1);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_automated_sync_that_fails_is_tried_again_unless_told_otherwise_and_runs_the_hook_again() {
    let stage = Stage::new("argo-hook-retried");
    stage.double.set_behaviour("sleep20", Behaviour::fails(3));
    let _operator = Operator::ready(&stage, &[]);
    let files = ["migrate.yaml", "settings.yaml"].map(|name| (name, example(name)));
    let application = Application::new(&stage, &files);
    application.wait("it has run again", || stage.double.accepted() > 1);
    // By another BatchJob each time, though of the same name.
    stage.assert_none_twice();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_hook_that_aws_refuses_fails_the_sync() {
    let config = Config { queues: vec!["another".to_owned()], ..Config::default() };
    let stage = Stage::with("argo-hook-refused", &config);
    let _operator = Operator::ready(&stage, &[]);
    let application = application(&stage, &example("migrate.yaml"));
    application.wait_for_sync("Failed");
    assert_eq!(schema(&stage), None);
    let hook = &application.get().data["status"]["operationState"]["syncResult"]["resources"][0];
    assert!(hook["message"].as_str().unwrap().starts_with("Refused: "), "{hook:#}");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_suspended_hook_holds_the_sync_until_it_is_resumed() {
    let stage = Stage::new("argo-hook-suspended");
    let _operator = Operator::ready(&stage, &[]);
    let hook = example("migrate.yaml").replace("spec:", "spec:\n  suspend: true");
    let application = application(&stage, &hook);
    let name = wait_for_hook(&stage, Phase::Suspended);
    application.refresh("hard");
    assert_eq!((application.status("/operationState/phase").as_str(), schema(&stage)), ("Running", None));
    stage.patch(&name, &json!({ "spec": { "suspend": false } }));
    application.wait_for_sync("Succeeded");
    assert_eq!(schema(&stage).unwrap(), "1");
}
