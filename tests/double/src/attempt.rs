//! What DescribeJobs tells of the attempts of a job, the latest and those that have ended: on Amazon ECS as one container
//! or as a task of several, on Amazon EKS as a pod.

use serde_json::{Map, Value, json};

use crate::catalogue::Containers;
use crate::container::{attempted, container, run, setting, task, task_arn};
use crate::life::{Attempt, Life};
use crate::members::put;
use crate::name::Named;

/// Where the pods are.
const NAMESPACE: &str = "batch-jobs";

/// The member that tells of the latest attempt, and what it tells.
pub fn latest(named: &Named<'_>, life: &Life) -> (&'static str, Value) {
    match &named.job.containers {
        Containers::One => ("container", container(named, life)),
        Containers::Task(together) => {
            let mut task = several(named, together, life);
            put(&mut task, "taskArn", life.latest().map(|(number, _)| task_arn(named, number)));
            ("ecsProperties", json!({ "taskProperties": [task] }))
        }
        Containers::Pod(together) => {
            let mut pod = several(named, together, life);
            if let Some((number, _)) = life.latest() {
                pod.extend(place(named, number));
                put(&mut pod, "metadata", Some(json!({ "namespace": NAMESPACE })));
            }
            ("eksProperties", json!({ "podProperties": pod }))
        }
    }
}

/// The members that list the attempts that have ended, Amazon ECS's and Amazon EKS's: one of them is empty.
pub fn lists(named: &Named<'_>, life: &Life) -> [(&'static str, Vec<Value>); 2] {
    let ended = life.attempts.iter().enumerate();
    let list = ended.map(|(number, ended)| attempt(named, number, ended)).collect();
    match named.job.containers {
        Containers::Pod(_) => [("attempts", Vec::new()), ("eksAttempts", list)],
        Containers::One | Containers::Task(_) => [("attempts", list), ("eksAttempts", Vec::new())],
    }
}

/// The attempt of that number, counted from 0.
fn attempt(named: &Named<'_>, number: usize, ended: &Attempt) -> Value {
    let mut attempt = Map::new();
    put(&mut attempt, "startedAt", Some(ended.started_at));
    put(&mut attempt, "stoppedAt", Some(ended.stopped_at));
    put(&mut attempt, "statusReason", ended.status_reason.as_deref());
    match &named.job.containers {
        Containers::One => put(&mut attempt, "container", Some(attempted(named, number, ended))),
        Containers::Task(together) => {
            let containers = all(together, |name| run(named, name, number, Some(ended)));
            let task = json!({ "taskArn": task_arn(named, number), "containers": containers });
            put(&mut attempt, "taskProperties", Some([task]));
        }
        Containers::Pod(together) => {
            put(
                &mut attempt,
                "containers",
                Some(all(together, |name| run(named, name, number, Some(ended)))),
            );
            attempt.extend(place(named, number));
            put(&mut attempt, "podNamespace", Some(NAMESPACE));
            let cluster = named.job.home.arn_of("eks", "cluster", "batch");
            put(&mut attempt, "eksClusterArn", Some(cluster));
        }
    }
    Value::Object(attempt)
}

/// The containers of a task or of a pod, in the latest attempt.
fn several(named: &Named<'_>, together: &[String], life: &Life) -> Map<String, Value> {
    let containers = all(together, |name| {
        let mut container = setting(named, name);
        if let Some((number, ended)) = life.latest() {
            container.extend(run(named, name, number, ended));
        }
        container
    });
    Map::from_iter([("containers".to_owned(), containers)])
}

/// What is told of each, with its name.
fn all(together: &[String], tell: impl Fn(&str) -> Map<String, Value>) -> Value {
    let with_name = |name: &String| {
        let mut told = tell(name);
        put(&mut told, "name", Some(name));
        Value::Object(told)
    };
    together.iter().map(with_name).collect()
}

/// Where the pod of that attempt is.
fn place(named: &Named<'_>, number: usize) -> Map<String, Value> {
    let mut place = Map::new();
    put(&mut place, "podName", Some(format!("aws-batch.{}", task(named, number))));
    put(&mut place, "nodeName", Some("ip-10-0-0-1.ec2.internal"));
    place
}
