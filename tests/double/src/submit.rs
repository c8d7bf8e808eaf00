//! SubmitJob: AWS's rules, then acceptance.

use serde_json::{Value, json};

use crate::job::{Condition, Job, Retry};
use crate::reply::{Refusal, Reply};
use crate::shared::Shared;

/// The prefix of every ARN of this account and Region.
pub const ARN: &str = "arn:aws:batch:us-east-1:123456789012";

/// The largest body.
const BODY_MAX: usize = 30 * 1024;

/// Accepts the job, or says why not.
pub fn submit(shared: &mut Shared, request: &Value, bytes: usize, id: &str) -> Reply {
    let refuse = |text: String| Refusal::client(&text, id);
    if bytes > BODY_MAX {
        return Err(refuse("Request payload is larger than 30 KiB".to_owned()));
    }
    check_shape(request).map_err(refuse)?;
    check_overrides(request).map_err(refuse)?;
    let queue = check_queue(shared, request).map_err(refuse)?;
    let (definition, revision) = check_definition(shared, request).map_err(refuse)?;
    let depends_on = check_dependencies(shared, request).map_err(refuse)?;
    let name = request["jobName"].as_str().unwrap_or_default();
    let job = Job {
        id: id.to_owned(),
        created_at: shared.now(),
        behaviour: shared.behaviour(name, &definition),
        queue: format!("{ARN}:job-queue/{queue}"),
        definition: format!("{ARN}:job-definition/{definition}:{revision}"),
        depends_on,
        retry: retry(request),
        timeout_ms: request["timeout"]["attemptDurationSeconds"].as_i64().map(|seconds| seconds * 1000),
        array_size: request["arrayProperties"]["size"].as_i64().and_then(|size| i32::try_from(size).ok()),
        terminated: None,
        cancelled: None,
        request: request.clone(),
    };
    let answer = json!({ "jobId": id, "jobName": name, "jobArn": format!("{ARN}:job/{id}") });
    shared.world.insert(job);
    Ok(answer)
}

fn check_shape(request: &Value) -> Result<(), String> {
    let name = request["jobName"].as_str().ok_or("jobName is required")?;
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.len() > 128 || !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || !name.chars().all(fits) {
        return Err("Job name should match valid pattern".to_owned());
    }
    between(&request["arrayProperties"]["size"], 2, 10_000, "arrayProperties.size")?;
    between(&request["retryStrategy"]["attempts"], 1, 10, "retryStrategy.attempts")?;
    between(&request["timeout"]["attemptDurationSeconds"], 60, i64::MAX, "timeout.attemptDurationSeconds")?;
    between(&request["schedulingPriorityOverride"], 0, 9_999, "schedulingPriorityOverride")?;
    let conditions = request["retryStrategy"]["evaluateOnExit"].as_array().map_or(0, Vec::len);
    if conditions > 5 {
        return Err("evaluateOnExit holds at most 5 conditions".to_owned());
    }
    if conditions > 0 && request["retryStrategy"]["attempts"].is_null() {
        return Err("RetryAttempts must be provided with retry strategy".to_owned());
    }
    let tags = request["tags"].as_object().into_iter().flatten();
    if tags.clone().count() > 50 {
        return Err("A job has at most 50 tags".to_owned());
    }
    for (key, value) in tags {
        let length = value.as_str().ok_or("tags must be strings")?.chars().count();
        if key.is_empty() || key.chars().count() > 128 || key.starts_with("aws:") || length > 256 {
            return Err(format!("Tag {key} is not valid"));
        }
    }
    Ok(())
}

fn check_overrides(request: &Value) -> Result<(), String> {
    let overrides = &request["containerOverrides"];
    let environment = overrides["environment"].as_array().into_iter().flatten();
    if environment.filter_map(|pair| pair["name"].as_str()).any(|name| name.starts_with("AWS_BATCH")) {
        return Err("Environment variables cannot start with AWS_BATCH".to_owned());
    }
    let mut command = overrides["command"].as_array().into_iter().flatten();
    if command.any(|word| word.as_str() == Some("")) {
        return Err("Command can't contain an empty string".to_owned());
    }
    Ok(())
}

fn check_queue(shared: &Shared, request: &Value) -> Result<String, String> {
    let asked = request["jobQueue"].as_str().ok_or("jobQueue is required")?;
    let name = asked.rsplit('/').next().unwrap_or(asked);
    let queue = match shared.world.queues.get(name) {
        Some(queue) => queue.clone(),
        None if shared.world.open => crate::world::Queue::default(),
        None => return Err(format!("JobQueue {asked} not found.")),
    };
    if !queue.enabled {
        return Err(format!("JobQueue {name} is not enabled."));
    }
    match (queue.fair_share, request["shareIdentifier"].is_null()) {
        (true, true) => Err("shareIdentifier must be specified.".to_owned()),
        (false, false) => {
            Err("shareIdentifier cannot be specified for a queue without a fair share policy.".to_owned())
        }
        _ => Ok(name.to_owned()),
    }
}

/// The definition's name and revision; without one, the latest that is active.
fn check_definition(shared: &Shared, request: &Value) -> Result<(String, u32), String> {
    let asked = request["jobDefinition"].as_str().ok_or("jobDefinition is required")?;
    let last = asked.rsplit('/').next().unwrap_or(asked);
    let (name, revision) = match last.split_once(':') {
        Some((name, revision)) => {
            (name, Some(revision.parse::<u32>().map_err(|_| format!("{asked} is not valid"))?))
        }
        None => (last, None),
    };
    let missing = || format!("JobDefinition name {name} does not exist or is not in ACTIVE status");
    let active = match shared.world.definitions.get(name) {
        Some(definition) => definition.revision,
        None if shared.world.open => 1,
        None => 0,
    };
    if active == 0 || revision.is_some_and(|revision| revision == 0 || revision > active) {
        return Err(missing());
    }
    Ok((name.to_owned(), revision.unwrap_or(active)))
}

fn check_dependencies(shared: &Shared, request: &Value) -> Result<Vec<String>, String> {
    let dependencies = request["dependsOn"].as_array().map(Vec::as_slice).unwrap_or_default();
    if dependencies.len() > 20 {
        return Err("A job can depend upon a maximum of 20 jobs".to_owned());
    }
    let is_array = !request["arrayProperties"]["size"].is_null();
    let mut ids = Vec::new();
    for dependency in dependencies {
        let kind = dependency["type"].as_str();
        if kind.is_some() && !is_array {
            return Err("Dependency types are for array jobs".to_owned());
        }
        match dependency["jobId"].as_str() {
            Some(id) if shared.world.job(id).is_none() => return Err(format!("Job {id} does not exist")),
            Some(id) => ids.push(id.to_owned()),
            None if kind == Some("SEQUENTIAL") => {}
            None => return Err("jobId is required".to_owned()),
        }
    }
    Ok(ids)
}

fn retry(request: &Value) -> Retry {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let conditions = request["retryStrategy"]["evaluateOnExit"].as_array().into_iter().flatten();
    Retry {
        attempts: request["retryStrategy"]["attempts"]
            .as_u64()
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(1),
        conditions: conditions
            .map(|condition| Condition {
                exits: condition["action"].as_str().is_some_and(|action| action.eq_ignore_ascii_case("EXIT")),
                exit_code: text(&condition["onExitCode"]),
                reason: text(&condition["onReason"]),
                status_reason: text(&condition["onStatusReason"]),
            })
            .collect(),
    }
}

fn between(value: &Value, least: i64, most: i64, what: &str) -> Result<(), String> {
    match value.as_i64() {
        Some(number) if (least..=most).contains(&number) => Ok(()),
        None if value.is_null() => Ok(()),
        _ => Err(format!("{what} must be between {least} and {most}")),
    }
}
