//! What DescribeJobs tells of containers: the current one, and those of the attempts that have ended.

use serde_json::{Map, Value, json};

use crate::describe::put;
use crate::life::{Attempt, Life};
use crate::name::Named;

/// What a container has of the request, as it is.
const MIRRORED: [&str; 6] =
    ["command", "environment", "resourceRequirements", "instanceType", "vcpus", "memory"];

/// The container of the latest attempt. Where it logs is known once it runs.
pub fn container(named: &Named<'_>, life: &Life) -> Value {
    let mut container = Map::new();
    let overrides = &named.job.request["containerOverrides"];
    for member in MIRRORED {
        put(&mut container, member, overrides.get(member));
    }
    let task = match life.status {
        "RUNNING" => Some(life.attempts.len()),
        _ => life.attempts.len().checked_sub(1),
    };
    put(&mut container, "logStreamName", task.map(|task| log_stream(named, task)));
    put(&mut container, "taskArn", task.map(|task| task_arn(named, task)));
    if let Some(last) = life.attempts.last().filter(|_| life.status != "RUNNING") {
        put(&mut container, "exitCode", Some(last.exit_code));
        put(&mut container, "reason", last.reason.as_deref());
    }
    Value::Object(container)
}

/// The attempt of that number, counted from 0.
pub fn attempt(named: &Named<'_>, number: usize, ended: &Attempt) -> Value {
    let mut container = Map::new();
    put(&mut container, "exitCode", Some(ended.exit_code));
    put(&mut container, "reason", ended.reason.as_deref());
    put(&mut container, "logStreamName", Some(log_stream(named, number)));
    put(&mut container, "taskArn", Some(task_arn(named, number)));
    json!({
        "startedAt": ended.started_at,
        "stoppedAt": ended.stopped_at,
        "statusReason": ended.status_reason,
        "container": container,
    })
}

/// Each attempt of each child has a task of its own.
fn task(named: &Named<'_>, attempt: usize) -> String {
    let job = named.job.id.replace('-', "");
    format!("{job}{:04x}{attempt:x}", named.index.unwrap_or(0))
}

fn task_arn(named: &Named<'_>, attempt: usize) -> String {
    format!("arn:aws:ecs:us-east-1:123456789012:task/batch/{}", task(named, attempt))
}

fn log_stream(named: &Named<'_>, attempt: usize) -> String {
    let definition: String = named.job.definition.chars().take(200).collect();
    format!("{definition}/default/{}", task(named, attempt))
}
