//! ListJobs: by queue, array or multi-node job; one filter; newest first; no tags.

use serde_json::{Value, json};

use crate::job::Job;
use crate::life::life;
use crate::reply::{Refusal, Reply};
use crate::shared::Shared;

/// The jobs that match.
pub fn list(shared: &Shared, request: &Value, request_id: &str) -> Reply {
    let refuse = |text: &str| Refusal::client(text, request_id);
    let filters = request["filters"].as_array().map(Vec::as_slice).unwrap_or_default();
    if filters.len() > 1 {
        return Err(refuse("Only one filter can be used at a time"));
    }
    let most = if filters.is_empty() { 1000 } else { 100 };
    let size =
        request["maxResults"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(most).clamp(1, most);
    let skip = match request["nextToken"].as_str() {
        Some(token) => token.parse::<usize>().map_err(|_| refuse("Invalid nextToken"))?,
        None => 0,
    };
    if let Some(parent) = request["arrayJobId"].as_str().or(request["multiNodeJobId"].as_str()) {
        return children(shared, parent, request, (skip, size)).ok_or_else(|| refuse("Job not found"));
    }
    let queue = request["jobQueue"]
        .as_str()
        .ok_or_else(|| refuse("jobQueue, arrayJobId or multiNodeJobId is required"))?;
    let queue = queue.rsplit('/').next().unwrap_or(queue);
    if !shared.world.open && !shared.world.queues.contains_key(queue) {
        return Err(refuse(&format!("JobQueue {queue} not found.")));
    }
    let filter = filters.first().map(Filter::parse).transpose().map_err(refuse)?;
    Ok(of_queue(shared, queue, filter.as_ref(), request, (skip, size)))
}

fn of_queue(
    shared: &Shared,
    queue: &str,
    filter: Option<&Filter>,
    request: &Value,
    (skip, size): (usize, usize),
) -> Value {
    let now = shared.now() - shared.lag.list_ms;
    let wanted = |job: &&Job| {
        let in_queue = job.queue.rsplit('/').next() == Some(queue);
        in_queue
            && job.created_at <= now
            && shared.world.is_kept(job, now)
            && fits(shared, job, filter, request, now)
    };
    let name = filter.filter(|filter| filter.name == "JOB_NAME" && !filter.value.ends_with('*'));
    let page: Vec<&Job> = match name {
        Some(name) => {
            shared.world.named(&name.value).rev().filter(wanted).skip(skip).take(size + 1).collect()
        }
        None => shared.world.jobs.iter().rev().filter(wanted).skip(skip).take(size + 1).collect(),
    };
    let next = (page.len() > size).then(|| (skip + size).to_string());
    let jobs: Vec<_> = page.into_iter().take(size).map(|job| summary(shared, job, now)).collect();
    json!({ "jobSummaryList": jobs, "nextToken": next })
}

/// One of the five filters.
struct Filter {
    name: &'static str,
    value: String,
}

impl Filter {
    fn parse(filter: &Value) -> Result<Self, &'static str> {
        const NAMES: [&str; 5] =
            ["JOB_NAME", "JOB_DEFINITION", "BEFORE_CREATED_AT", "AFTER_CREATED_AT", "SHARE_IDENTIFIER"];
        let name = NAMES.into_iter().find(|name| filter["name"].as_str() == Some(name));
        let value = filter["values"][0].as_str();
        match (name, value) {
            (Some(name), Some(value)) => Ok(Self { name, value: value.to_owned() }),
            _ => Err("Invalid filter"),
        }
    }

    fn matches(&self, job: &Job) -> bool {
        let moment = || self.value.parse::<i64>().unwrap_or_default();
        match self.name {
            "JOB_NAME" => like(&self.value.to_lowercase(), &job.name().to_lowercase()),
            "JOB_DEFINITION" => {
                let definition = job.definition.rsplit('/').next().unwrap_or_default();
                let name = definition.split(':').next().unwrap_or_default();
                job.definition == self.value || like(&self.value, name)
            }
            "BEFORE_CREATED_AT" => job.created_at < moment(),
            "AFTER_CREATED_AT" => job.created_at > moment(),
            _ => job.request["shareIdentifier"].as_str().is_some_and(|share| like(&self.value, share)),
        }
    }
}

fn like(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => text.starts_with(prefix),
        None => pattern == text,
    }
}

/// A filter makes `jobStatus` moot, `SHARE_IDENTIFIER` apart; without both only RUNNING jobs are listed.
fn fits(shared: &Shared, job: &Job, filter: Option<&Filter>, request: &Value, now: i64) -> bool {
    let status = request["jobStatus"].as_str();
    let in_status = |wanted: &str| shared.world.life(job, now).status == wanted;
    match filter {
        Some(filter) if filter.name == "SHARE_IDENTIFIER" => {
            filter.matches(job) && status.is_none_or(in_status)
        }
        Some(filter) => filter.matches(job),
        None => in_status(status.unwrap_or("RUNNING")),
    }
}

fn summary(shared: &Shared, job: &Job, now: i64) -> Value {
    let life = shared.world.life(job, now);
    let mut summary = json!({
        "jobId": job.id, "jobName": job.name(), "jobArn": format!("{}:job/{}", crate::submit::ARN, job.id),
        "createdAt": job.created_at, "status": life.status, "jobDefinition": job.definition,
        "isTerminated": job.terminated.is_some(), "isCancelled": job.cancelled.is_some(),
    });
    let optional = [("startedAt", life.started_at), ("stoppedAt", life.stopped_at)];
    for (member, value) in optional.into_iter().filter_map(|(member, value)| Some((member, value?))) {
        summary[member] = value.into();
    }
    if let Some(reason) = life.status_reason {
        summary["statusReason"] = reason.into();
    }
    if let Some(size) = job.array_size {
        summary["arrayProperties"] = json!({ "size": size });
    }
    summary
}

/// The children of an array, or the nodes of a multi-node job, in one status.
fn children(shared: &Shared, parent: &str, request: &Value, (skip, size): (usize, usize)) -> Option<Value> {
    let now = shared.now() - shared.lag.list_ms;
    let job = shared.world.job(parent).filter(|job| job.created_at <= now)?;
    let nodes = job.request["nodeOverrides"]["numNodes"].as_i64().and_then(|nodes| i32::try_from(nodes).ok());
    let (number, mark) = match job.array_size {
        Some(size) => (size, ':'),
        None => (nodes.unwrap_or(0), '#'),
    };
    let status = request["jobStatus"].as_str().unwrap_or("RUNNING");
    let gate = shared.world.gate(job);
    let lives = [false, true].map(|fails| life(job, gate, fails, now));
    let matching = (0..number).filter(|index| {
        let fails = job.behaviour.failing_indexes.contains(index);
        lives[usize::from(fails)].status == status
    });
    let page: Vec<i32> = matching.skip(skip).take(size + 1).collect();
    let next = (page.len() > size).then(|| (skip + size).to_string());
    let jobs: Vec<_> = page
        .into_iter()
        .take(size)
        .map(|index| {
            json!({ "jobId": format!("{parent}{mark}{index}"), "jobName": job.name(), "createdAt": job.created_at,
                "status": status, "arrayProperties": { "index": index } })
        })
        .collect();
    Some(json!({ "jobSummaryList": jobs, "nextToken": next }))
}
