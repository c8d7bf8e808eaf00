//! TerminateJob, CancelJob and their bulk forms, in every state.

use std::time::Duration;

use serde_json::{Value, json};

use super::{START, Scene};
use crate::behaviour::Behaviour;
use crate::end::{Ending, end_many, end_one, terminate};

#[test]
fn terminating_ends_a_job_in_every_state() {
    for (at, ended_at) in [(50, 50), (150, 150), (250, 550), (320, 620)] {
        let mut scene = Scene::new();
        scene.define("d", Behaviour { running_ms: 10_000, ..super::brisk() });
        let id = scene.submit(&json!({}));
        scene.end(Ending::Terminate, &id, at);
        assert_ne!(scene.status(&id, ended_at - 1), "FAILED", "terminated after {at} ms");
        let job = scene.job(&id, ended_at);
        assert_eq!((&job["status"], &job["statusReason"]), (&json!("FAILED"), &json!("enough")));
        assert_eq!((&job["stoppedAt"], &job["isTerminated"]), (&json!(START + ended_at), &json!(true)));
        assert_eq!(scene.status(&id, 1_000_000), "FAILED", "it stays so");
    }
}

#[test]
fn another_client_ends_a_job_once_and_is_told_how_long_that_takes() {
    let mut scene = Scene::new();
    scene.define("d", Behaviour { running_ms: 10_000, ..super::brisk() });
    let id = scene.submit(&json!({}));
    assert_eq!(terminate(&mut scene.world, &id, START + 320), Some(Duration::from_millis(300)));
    assert_eq!((scene.status(&id, 619).as_str(), scene.status(&id, 620).as_str()), ("RUNNING", "FAILED"));
    assert_eq!(terminate(&mut scene.world, &id, START + 620), None);
    assert_eq!(terminate(&mut scene.world, "of-nobody", START + 620), None);
}

#[test]
fn what_was_running_leaves_an_attempt_and_what_was_starting_does_not() {
    for (at, attempts) in [(250, 0), (320, 1)] {
        let mut scene = Scene::new();
        scene.define("d", Behaviour { running_ms: 10_000, ..super::brisk() });
        let id = scene.submit(&json!({ "retryStrategy": { "attempts": 3 } }));
        scene.end(Ending::Terminate, &id, at);
        let job = scene.job(&id, 1000);
        assert_eq!(
            job["attempts"].as_array().unwrap().len(),
            attempts,
            "what is terminated is not tried again"
        );
        assert_eq!(job.get("startedAt").is_some(), attempts == 1);
        assert_eq!(job["container"].get("exitCode").is_some(), attempts == 1);
    }
}

#[test]
fn a_job_that_exits_before_it_is_killed_keeps_its_own_end() {
    let mut scene = Scene::new();
    let id = scene.submit(&json!({}));
    scene.end(Ending::Terminate, &id, 390);
    for after in [400, 690, 10_000] {
        assert_eq!(scene.status(&id, after), "SUCCEEDED", "after {after} ms");
    }
}

#[test]
fn cancelling_ends_only_what_has_not_started() {
    for (at, expected) in [(50, "FAILED"), (150, "FAILED"), (250, "SUCCEEDED"), (350, "SUCCEEDED")] {
        let mut scene = Scene::new();
        let id = scene.submit(&json!({}));
        scene.end(Ending::Cancel, &id, at);
        let job = scene.job(&id, 400);
        assert_eq!(
            (job["status"].as_str(), &job["isCancelled"]),
            (Some(expected), &json!(expected == "FAILED"))
        );
    }
}

#[test]
fn a_pending_job_is_cancelled_when_its_dependencies_have_ended_and_terminated_at_once() {
    let mut scene = Scene::new();
    let first = scene.submit(&json!({}));
    let waiting = json!({ "dependsOn": [{ "jobId": first }] });
    let (cancelled, terminated) = (scene.submit(&waiting), scene.submit(&waiting));
    scene.end(Ending::Cancel, &cancelled, 200);
    scene.end(Ending::Terminate, &terminated, 200);
    assert_eq!(scene.status(&terminated, 200), "FAILED");
    let job = scene.job(&cancelled, 399);
    assert_eq!((&job["status"], &job["isCancelled"]), (&json!("PENDING"), &json!(true)));
    let job = scene.job(&cancelled, 400);
    assert_eq!((&job["status"], &job["statusReason"]), (&json!("FAILED"), &json!("enough")));
}

#[test]
fn what_has_ended_or_never_was_is_no_error_and_no_change() {
    let mut scene = Scene::new();
    let id = scene.submit(&json!({}));
    scene.end(Ending::Terminate, &id, 500);
    scene.end(Ending::Terminate, "nobody", 500);
    let job = scene.job(&id, 600);
    assert_eq!((&job["status"], &job["isTerminated"]), (&json!("SUCCEEDED"), &json!(false)));
}

#[test]
fn the_first_reason_counts() {
    let mut scene = Scene::new();
    scene.define("d", Behaviour::forever());
    let id = scene.submit(&json!({}));
    scene.end(Ending::Terminate, &id, 1000);
    let other = json!({ "jobId": id, "reason": "another" });
    end_one(&mut scene.world, Ending::Terminate, &other, START + 1100).unwrap();
    assert_eq!(scene.job(&id, 2000)["statusReason"], "enough");
}

#[test]
fn the_bulk_form_tells_of_each_job() {
    let mut scene = Scene::new();
    let id = scene.submit(&json!({}));
    let request = json!({ "jobs": [id, "nobody", "no id!"], "reason": "enough" });
    let answer = end_many(&mut scene.world, Ending::Terminate, &request, START + 150).unwrap();
    assert_eq!(answer["successful"], json!([id, "nobody"]));
    assert_eq!(
        (&answer["errors"][0]["job"], &answer["errors"][0]["code"]),
        (&json!("no id!"), &json!("ValidationException"))
    );
    assert_eq!(scene.status(&id, 150), "FAILED");
}

#[test]
fn a_bulk_call_takes_fifty_jobs_and_a_reason() {
    let mut scene = Scene::new();
    let mut end = |jobs: usize, reason: Value| {
        let request = json!({ "jobs": vec!["nobody"; jobs], "reason": reason });
        end_many(&mut scene.world, Ending::Cancel, &request, START).is_ok()
    };
    assert!(end(50, json!("enough")) && end(1, json!("x".repeat(1024))));
    assert!(!end(51, json!("enough")) && !end(0, json!("enough")));
    assert!(!end(1, json!("x".repeat(1025))) && !end(1, Value::Null));
}
