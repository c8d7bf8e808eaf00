//! DescribeJobs: what a job tells of itself, and which jobs tell nothing.

use serde_json::json;

use super::ARN;
use super::{START, Scene};
use crate::describe;

#[test]
fn what_was_submitted_is_told_again() {
    let mut scene = Scene::new();
    let members = json!({
        "tags": { "team": "a" },
        "parameters": { "input": "x" },
        "retryStrategy": { "attempts": 2 },
        "timeout": { "attemptDurationSeconds": 60 },
        "containerOverrides": {
            "command": ["sleep", "1"],
            "environment": [{ "name": "A", "value": "B" }],
            "resourceRequirements": [{ "type": "VCPU", "value": "1" }],
        },
    });
    let id = scene.submit(&members);
    let job = scene.job(&id, 0);
    for member in ["tags", "parameters", "retryStrategy", "timeout"] {
        assert_eq!(job[member], members[member]);
    }
    for member in ["command", "environment", "resourceRequirements"] {
        assert_eq!(job["container"][member], members["containerOverrides"][member]);
    }
    assert_eq!(job["jobArn"], format!("{ARN}:job/{id}"));
    assert_eq!((&job["jobName"], &job["isCancelled"]), (&json!("job"), &json!(false)));
}

#[test]
fn unknown_ids_are_left_out() {
    let mut scene = Scene::new();
    let id = scene.submit(&json!({}));
    let jobs = scene.describe(&["nobody", &id, "", ":", "#1"], 0);
    assert_eq!(jobs.iter().map(|job| &job["jobId"]).collect::<Vec<_>>(), [&json!(id)]);
}

#[test]
fn a_job_is_not_there_before_it_was_accepted() {
    let mut scene = Scene::new();
    let id = scene.submit(&json!({}));
    assert!(scene.describe(&[&id], -1).is_empty(), "so a lag hides it");
}

#[test]
fn a_hundred_ids_are_the_most() {
    let scene = Scene::new();
    let ask = |number| describe::describe(&scene.world, &json!({ "jobs": vec!["x"; number] }), START);
    assert!(ask(100).is_ok());
    assert_eq!(ask(101).unwrap_err(), "Maximum number of jobs supported is 100");
    assert!(describe::describe(&scene.world, &json!({}), START).is_err());
}
