//! What DescribeJobs tells of one container, the only one or one of several: where it logs, and how it ended.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::catalogue::Containers;
use crate::life::{Attempt, KILLED, Life};
use crate::members::put;
use crate::name::Named;

/// What a container has of the request, as it is.
const MIRRORED: [&str; 6] =
    ["command", "environment", "resourceRequirements", "instanceType", "vcpus", "memory"];

/// What the service calls the only container.
pub const ONLY: &str = "default";

/// The only container, in the latest attempt.
pub fn container(named: &Named<'_>, life: &Life) -> Value {
    let mut container = setting(named, ONLY);
    let overrides = &named.job.request["containerOverrides"];
    for member in MIRRORED {
        put(&mut container, member, overrides.get(member));
    }
    if let Some((number, ended)) = life.latest() {
        container.extend(run(named, ONLY, number, ended));
        put(&mut container, "taskArn", Some(task_arn(named, number)));
    }
    Value::Object(container)
}

/// The only container, in an attempt that has ended.
pub fn attempted(named: &Named<'_>, number: usize, ended: &Attempt) -> Value {
    let mut container = run(named, ONLY, number, Some(ended));
    put(&mut container, "taskArn", Some(task_arn(named, number)));
    Value::Object(container)
}

/// What the definition says of the container of that name.
pub fn setting(named: &Named<'_>, name: &str) -> Map<String, Value> {
    let mut setting = Map::new();
    let group = named.job.log_groups.get(name).map(|group| ("awslogs-group", group));
    let region = named.job.log_region.as_ref().map(|region| ("awslogs-region", region));
    let options: BTreeMap<_, _> = group.into_iter().chain(region).collect();
    let log = (!options.is_empty()).then(|| json!({ "logDriver": "awslogs", "options": options }));
    put(&mut setting, "logConfiguration", log);
    setting
}

/// The container of that name, in the attempt of that number: where it logs, and how it ended.
pub fn run(named: &Named<'_>, name: &str, number: usize, ended: Option<&Attempt>) -> Map<String, Value> {
    let mut run = Map::new();
    if !matches!(named.job.containers, Containers::Pod(_)) {
        put(&mut run, "logStreamName", Some(stream_name(named, name, number)));
    }
    if let Some(ended) = ended {
        let (exit_code, reason) = end(&named.job.containers, name, ended);
        put(&mut run, "exitCode", Some(exit_code));
        put(&mut run, "reason", reason);
    }
    run
}

/// The log stream of the container of that name, in the attempt of that number.
pub fn stream_name(named: &Named<'_>, name: &str, number: usize) -> String {
    let definition: String = named.job.definition.chars().take(200).collect();
    format!("{definition}/{name}/{}", task(named, number))
}

/// How it ended. Of several it is the last one that fails: in a task, the others are stopped with it; in a pod, each comes
/// to its own end, unless the pod is killed.
fn end<'a>(containers: &Containers, name: &str, ended: &'a Attempt) -> (i32, Option<&'a str>) {
    let reason = ended.reason.as_deref();
    let is_last = |names: &[String]| names.last().is_some_and(|last| last == name);
    match containers {
        Containers::Task(names) if !is_last(names) && ended.exit_code != 0 => (KILLED, None),
        Containers::One | Containers::Task(_) => (ended.exit_code, reason),
        Containers::Pod(_) if ended.exit_code == 0 => (0, Some("Completed")),
        Containers::Pod(names) if !is_last(names) && ended.exit_code != KILLED => (0, Some("Completed")),
        Containers::Pod(_) => (ended.exit_code, reason.or(Some("Error"))),
    }
}

/// Each attempt of each child has a task, or a pod, of its own.
pub fn task(named: &Named<'_>, number: usize) -> String {
    let job = named.job.id.replace('-', "");
    format!("{job}{:04x}{number:x}", named.index.unwrap_or(0))
}

/// The ARN of that task.
pub fn task_arn(named: &Named<'_>, number: usize) -> String {
    named.job.home.arn_of("ecs", "task/batch", task(named, number))
}
