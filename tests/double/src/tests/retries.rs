//! `retryStrategy`: a failed attempt goes back to RUNNABLE.

use serde_json::json;

use super::{START, Scene, brisk};
use crate::behaviour::Behaviour;

#[test]
fn a_failed_attempt_goes_back_to_runnable_until_one_succeeds() {
    let mut scene = Scene::new();
    scene.define("d", Behaviour { failing_attempts: 1, ..brisk() });
    let id = scene.submit(&json!({ "retryStrategy": { "attempts": 3 } }));
    let waiting = scene.job(&id, 400);
    assert_eq!((&waiting["status"], waiting["attempts"].as_array().unwrap().len()), (&json!("RUNNABLE"), 1));
    assert_eq!(scene.status(&id, 600), "RUNNING");
    let done = scene.job(&id, 700);
    assert_eq!(done["status"], "SUCCEEDED");
    let attempts = done["attempts"].as_array().unwrap();
    let codes: Vec<_> = attempts.iter().map(|attempt| attempt["container"]["exitCode"].clone()).collect();
    assert_eq!(codes, [1, 0]);
    assert_eq!((&done["startedAt"], &done["stoppedAt"]), (&json!(START + 600), &json!(START + 700)));
    let tasks = [&attempts[0]["container"]["taskArn"], &attempts[1]["container"]["taskArn"]];
    assert_ne!(tasks[0], tasks[1], "each attempt has a task of its own");
}

#[test]
fn a_job_fails_when_its_attempts_are_used_up() {
    let mut scene = Scene::new();
    scene.define("d", Behaviour { exit_code: 3, ..brisk() });
    let id = scene.submit(&json!({ "retryStrategy": { "attempts": 2 } }));
    let job = scene.job(&id, 700);
    assert_eq!((&job["status"], job["attempts"].as_array().unwrap().len()), (&json!("FAILED"), 2));
}

#[test]
fn evaluate_on_exit_gives_up_on_what_it_names() {
    let mut scene = Scene::new();
    scene.define("d", Behaviour { exit_code: 3, ..brisk() });
    let strategy = json!({ "attempts": 5, "evaluateOnExit": [{ "onExitCode": "3", "action": "EXIT" }] });
    let id = scene.submit(&json!({ "retryStrategy": strategy }));
    assert_eq!(scene.status(&id, 400), "FAILED");
}
