//! DescribeJobs: up to a hundred jobs; those that are unknown, or not visible yet, are left out.

use serde_json::{Map, Value, json};

use crate::job::Job;
use crate::life::{Ended, Life, life};
use crate::reply::{Refusal, Reply};
use crate::shared::Shared;
use crate::submit::ARN;
use crate::world::World;

/// The jobs of these ids.
pub fn describe(shared: &Shared, request: &Value, request_id: &str) -> Reply {
    let ids = request["jobs"].as_array().map(Vec::as_slice).unwrap_or_default();
    if ids.len() > 100 {
        return Err(Refusal::client("Maximum number of jobs supported is 100", request_id));
    }
    let seen_at = shared.now() - shared.lag.describe_ms;
    let jobs: Vec<_> = ids.iter().filter_map(|id| detail(&shared.world, id.as_str()?, seen_at)).collect();
    Ok(json!({ "jobs": jobs }))
}

fn detail(world: &World, id: &str, now: i64) -> Option<Value> {
    let (parent, child) = match id.split_once([':', '#']) {
        Some((parent, index)) => (parent, Some(index.parse::<i32>().ok()?)),
        None => (id, None),
    };
    let job = world.job(parent).filter(|job| job.created_at <= now && world.is_kept(job, now))?;
    let life = match child {
        None => world.life(job, now),
        Some(index) => life(job, world.gate(job), job.behaviour.failing_indexes.contains(&index), now),
    };
    let mut detail = facts(job, id, &life, now);
    match (job.array_size, child) {
        (Some(size), None) => put(&mut detail, "arrayProperties", Some(summary(world, job, size, now))),
        (Some(_), Some(index)) => {
            put(&mut detail, "arrayProperties", Some(json!({ "index": index })));
            put(&mut detail, "container", Some(container(job, &life)));
        }
        _ => put(&mut detail, "container", Some(container(job, &life))),
    }
    if let Some(nodes) = job.request["nodeOverrides"]["numNodes"].as_i64() {
        detail.insert(
            "nodeProperties".into(),
            json!({ "numNodes": nodes, "mainNode": 0, "nodeRangeProperties": [] }),
        );
    }
    Some(Value::Object(detail))
}

/// What holds for jobs of every kind.
fn facts(job: &Job, id: &str, life: &Life, now: i64) -> Map<String, Value> {
    let mut facts = Map::new();
    for (member, value) in [
        ("jobId", id.to_owned()),
        ("jobName", job.name().to_owned()),
        ("jobArn", format!("{ARN}:job/{id}")),
        ("jobQueue", job.queue.clone()),
        ("jobDefinition", job.definition.clone()),
        ("status", life.status.to_owned()),
    ] {
        facts.insert(member.to_owned(), value.into());
    }
    facts.insert("createdAt".into(), job.created_at.into());
    // The model calls startedAt required; the service leaves it out until there is one.
    put(&mut facts, "startedAt", life.started_at.map(Value::from));
    put(&mut facts, "stoppedAt", life.stopped_at.map(Value::from));
    put(&mut facts, "statusReason", life.status_reason.clone().map(Value::from));
    facts.insert("attempts".into(), life.attempts.iter().map(|ended| attempt(job, ended)).collect());
    for member in
        ["dependsOn", "parameters", "retryStrategy", "timeout", "tags", "shareIdentifier", "propagateTags"]
    {
        put(&mut facts, member, Some(job.request[member].clone()).filter(|value| !value.is_null()));
    }
    facts.insert("isCancelled".into(), job.cancelled.as_ref().is_some_and(|(at, _)| *at <= now).into());
    facts.insert("isTerminated".into(), job.terminated.as_ref().is_some_and(|(at, _)| *at <= now).into());
    facts
}

fn container(job: &Job, life: &Life) -> Value {
    let mut container = json!({});
    let environment = &job.request["containerOverrides"]["environment"];
    if !environment.is_null() {
        container["environment"] = environment.clone();
    }
    if matches!(life.status, "RUNNING" | "SUCCEEDED") || !life.attempts.is_empty() {
        container["logStreamName"] = log_stream(job).into();
    }
    if let Some(code) = life.exit_code {
        container["exitCode"] = code.into();
    }
    if let Some(reason) = life.attempts.last().and_then(|ended| ended.reason.clone()) {
        container["reason"] = reason.into();
    }
    container
}

fn put(detail: &mut Map<String, Value>, member: &str, value: Option<Value>) {
    if let Some(value) = value {
        detail.insert(member.to_owned(), value);
    }
}

fn attempt(job: &Job, ended: &Ended) -> Value {
    let mut container = json!({
        "exitCode": ended.exit_code,
        "logStreamName": log_stream(job),
        "taskArn": format!("arn:aws:ecs:us-east-1:123456789012:task/batch/{}", job.id.replace('-', "")),
    });
    if let Some(reason) = &ended.reason {
        container["reason"] = reason.clone().into();
    }
    json!({
        "startedAt": ended.started_at,
        "stoppedAt": ended.stopped_at,
        "statusReason": ended.status_reason,
        "container": container,
    })
}

fn log_stream(job: &Job) -> String {
    let definition = job.definition.rsplit('/').next().unwrap_or_default();
    let name: String = definition.split(':').next().unwrap_or_default().chars().take(200).collect();
    format!("{name}/default/{}", job.id.replace('-', ""))
}

/// Children are alike but for those that fail: two lives tell of all.
fn summary(world: &World, job: &Job, size: i32, now: i64) -> Value {
    const STATES: [&str; 7] =
        ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"];
    let gate = world.gate(job);
    let (good, bad) = job.children();
    let mut counts: Map<String, Value> = STATES.iter().map(|state| ((*state).to_owned(), 0.into())).collect();
    for (fails, number) in [(false, good), (true, bad)] {
        let state = life(job, gate, fails, now).status;
        let before = counts.get(state).and_then(Value::as_i64).unwrap_or(0);
        counts.insert(state.to_owned(), (before + i64::from(number)).into());
    }
    json!({ "size": size, "statusSummary": counts, "statusSummaryLastUpdatedAt": now })
}
