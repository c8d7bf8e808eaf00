//! From SUBMITTED to the end, by time alone.

use serde_json::json;

use super::{START, Scene, brisk};
use crate::behaviour::Behaviour;

#[test]
fn a_job_goes_through_all_states_in_order() {
    let mut scene = Scene::new();
    let id = scene.submit(&json!({}));
    for (after, expected) in [
        (0, "SUBMITTED"),
        (99, "SUBMITTED"),
        (100, "RUNNABLE"),
        (200, "STARTING"),
        (300, "RUNNING"),
        (399, "RUNNING"),
        (400, "SUCCEEDED"),
        (1_000_000, "SUCCEEDED"),
    ] {
        assert_eq!(scene.status(&id, after), expected, "after {after} ms");
    }
}

#[test]
fn times_and_the_place_of_logs_are_known_when_they_are() {
    let mut scene = Scene::new();
    let id = scene.submit(&json!({}));
    let starting = scene.job(&id, 299);
    assert!(starting.get("startedAt").is_none() && starting["container"].get("logStreamName").is_none());
    let running = scene.job(&id, 300);
    assert_eq!(running["startedAt"], START + 300);
    assert!(running["container"]["logStreamName"].as_str().unwrap().starts_with("d/default/"));
    assert!(running.get("stoppedAt").is_none() && running["container"].get("exitCode").is_none());
    let done = scene.job(&id, 400);
    assert_eq!((&done["createdAt"], &done["stoppedAt"]), (&json!(START), &json!(START + 400)));
    assert_eq!(done["container"]["exitCode"], 0);
    assert_eq!(done["container"]["logStreamName"], running["container"]["logStreamName"]);
    assert_eq!(done["attempts"].as_array().unwrap().len(), 1);
}

#[test]
fn a_job_that_fails_says_how() {
    let mut scene = Scene::new();
    let reason = Some("OutOfMemoryError: Container killed due to memory usage".to_owned());
    scene.define("d", Behaviour { exit_code: 137, reason, ..brisk() });
    let id = scene.submit(&json!({}));
    let job = scene.job(&id, 400);
    assert_eq!((&job["status"], &job["container"]["exitCode"]), (&json!("FAILED"), &json!(137)));
    assert_eq!(job["statusReason"], "Essential container in task exited");
    assert!(job["container"]["reason"].as_str().unwrap().starts_with("OutOfMemoryError"));
    assert_eq!(job["attempts"][0]["container"]["reason"], job["container"]["reason"]);
}

#[test]
fn a_stuck_job_stays_runnable_and_says_why() {
    let mut scene = Scene::new();
    scene.define("d", Behaviour::stuck("CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY"));
    let id = scene.submit(&json!({}));
    let job = scene.job(&id, 1_000_000_000);
    assert_eq!(job["status"], "RUNNABLE");
    assert_eq!(job["statusReason"], "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY");
}

#[test]
fn a_job_without_end_runs_on() {
    let mut scene = Scene::new();
    scene.define("d", Behaviour::forever());
    let id = scene.submit(&json!({}));
    assert_eq!(scene.status(&id, 1_000_000_000_000), "RUNNING");
}

#[test]
fn a_timeout_ends_the_attempt() {
    let mut scene = Scene::new();
    scene.define("d", Behaviour { running_ms: i64::MAX, ..brisk() });
    let timeout = json!({ "attemptDurationSeconds": 60 });
    let id = scene.submit(&json!({ "timeout": timeout, "retryStrategy": { "attempts": 3 } }));
    assert_eq!(scene.status(&id, 60_299), "RUNNING");
    let job = scene.job(&id, 60_300);
    assert_eq!(job["status"], "FAILED", "what timed out is not tried again");
    assert_eq!(job["statusReason"], "Job attempt duration exceeded timeout");
}

#[test]
fn sleep_n_runs_for_n_seconds_of_the_worlds_scale() {
    let mut scene = Scene::new();
    scene.world.scale = 0.05;
    scene.world.catalogue.has_any_definition = true;
    let id = scene.submit(&json!({ "jobDefinition": "sleep60" }));
    assert_eq!(scene.status(&id, 3_499), "RUNNING");
    assert_eq!(scene.status(&id, 3_500), "SUCCEEDED");
}

#[test]
fn a_finished_job_is_told_of_for_a_week_and_then_forgotten() {
    const WEEK: i64 = 7 * 24 * 3600 * 1000;
    let mut scene = Scene::new();
    let id = scene.submit(&json!({}));
    let by_name = json!({ "jobQueue": "q", "filters": [{ "name": "JOB_NAME", "values": ["job"] }] });
    assert_eq!(scene.describe(&[&id], 400 + WEEK - 1).len(), 1);
    assert_eq!(scene.describe(&[&id], 400 + WEEK).len(), 0);
    assert_eq!(scene.ids(&by_name, 400 + WEEK - 1), [id]);
    assert_eq!(scene.ids(&by_name, 400 + WEEK).len(), 0);
}

#[test]
fn a_running_job_is_never_forgotten() {
    let mut scene = Scene::new();
    scene.define("d", Behaviour::forever());
    let id = scene.submit(&json!({}));
    assert_eq!(scene.describe(&[&id], 400 * 24 * 3600 * 1000).len(), 1);
}
