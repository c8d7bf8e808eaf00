//! DescribeJobs: up to a hundred jobs; those that are unknown, or not visible yet, are left out. `now` is the moment
//! the answer shows.

use serde_json::{Map, Value, json};

use crate::attempt::{latest, lists};
use crate::job::{Job, Shape};
use crate::life::{Life, life, part};
use crate::members::put;
use crate::name::Named;
use crate::world::World;

/// Ids in one call.
const MOST: usize = 100;

/// What a job has of its request, as it is.
const MIRRORED: [&str; 6] =
    ["dependsOn", "parameters", "retryStrategy", "timeout", "shareIdentifier", "propagateTags"];

/// The jobs of these ids.
pub fn describe(world: &World, request: &Value, now: i64) -> Result<Value, String> {
    let ids = request["jobs"].as_array().ok_or("jobs is required")?;
    if ids.len() > MOST {
        return Err("Maximum number of jobs supported is 100".to_owned());
    }
    let found = ids.iter().filter_map(|id| Named::find(world, id.as_str()?, now));
    let is_shown =
        |named: &Named<'_>| named.job.created_at.saturating_add(named.job.hides.describe_ms) <= now;
    let jobs: Vec<_> = found.filter(is_shown).map(|named| detail(&named, now)).collect();
    Ok(json!({ "jobs": jobs }))
}

/// The id of a job, child or node.
pub fn id(job: &Job, index: Option<i32>) -> String {
    match (job.shape, index) {
        (Shape::Array(_), Some(index)) => format!("{}:{index}", job.id),
        (_, Some(index)) => format!("{}#{index}", job.id),
        (_, None) => job.id.clone(),
    }
}

/// The ARN of a job's definition, with its revision.
pub fn definition_arn(job: &Job) -> String {
    job.home.arn("job-definition", format_args!("{}:{}", job.definition, job.revision))
}

fn detail(named: &Named<'_>, now: i64) -> Value {
    let (job, index) = (named.job, named.index);
    let life = match named.child() {
        Some(_) => part(job, &named.part(), now),
        None => life(job, now),
    };
    let mut detail = facts(named, &life, now);
    // Tags are kept by another service, and may come later than the job.
    let has_tags = job.created_at.saturating_add(job.hides.tags_ms) <= now;
    put(&mut detail, "tags", has_tags.then_some(&job.tags));
    match (job.shape, index) {
        (Shape::Array(size), None) => put(&mut detail, "arrayProperties", Some(array(job, size, now))),
        (Shape::Array(_), Some(index)) => {
            put(&mut detail, "arrayProperties", Some(json!({ "index": index })));
        }
        (Shape::Nodes(number), None) => {
            let ranges = json!([{ "targetNodes": format!("0:{}", number - 1), "container": {} }]);
            let nodes = json!({ "numNodes": number, "mainNode": 0, "nodeRangeProperties": ranges });
            put(&mut detail, "nodeProperties", Some(nodes));
        }
        (Shape::Nodes(_), Some(index)) => {
            let node = json!({ "nodeIndex": index, "isMainNode": index == 0 });
            put(&mut detail, "nodeDetails", Some(node));
        }
        (Shape::Single, _) => {}
    }
    if index.is_some() || job.shape == Shape::Single {
        let (member, told) = latest(named, &life);
        put(&mut detail, member, Some(told));
    }
    Value::Object(detail)
}

/// What holds for jobs of every kind.
fn facts(named: &Named<'_>, life: &Life, now: i64) -> Map<String, Value> {
    let job = named.job;
    let id = id(job, named.index);
    let mut facts = Map::new();
    put(&mut facts, "jobArn", Some(job.home.arn("job", &id)));
    put(&mut facts, "jobId", Some(id));
    put(&mut facts, "jobName", Some(job.name()));
    put(&mut facts, "jobQueue", Some(job.home.arn("job-queue", &job.queue)));
    put(&mut facts, "jobDefinition", Some(definition_arn(job)));
    put(&mut facts, "status", Some(life.status));
    put(&mut facts, "statusReason", life.status_reason.as_deref());
    put(&mut facts, "createdAt", Some(job.created_at));
    // The model calls startedAt required; the service leaves it out until there is one.
    put(&mut facts, "startedAt", life.started_at);
    put(&mut facts, "stoppedAt", life.stopped_at);
    for (member, attempts) in lists(named, life) {
        put(&mut facts, member, Some(attempts));
    }
    put(&mut facts, "schedulingPriority", job.request["schedulingPriorityOverride"].as_i64());
    for member in MIRRORED {
        put(&mut facts, member, job.request.get(member).filter(|value| !value.is_null()));
    }
    put(&mut facts, "isCancelled", Some(named.part().is_cancelled(now)));
    put(&mut facts, "isTerminated", Some(named.part().is_terminated(now)));
    facts
}

/// The size of an array, and how many children are in each state.
fn array(job: &Job, size: i32, now: i64) -> Value {
    const STATES: [&str; 7] =
        ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"];
    let mut counts = STATES.map(|_| 0);
    for (each, number) in job.parts() {
        let status = part(job, &each, now).status;
        for (state, count) in STATES.iter().zip(&mut counts) {
            *count += if *state == status { number } else { 0 };
        }
    }
    let counts: Map<_, _> = STATES.iter().map(|s| (*s).to_owned()).zip(counts.map(Value::from)).collect();
    json!({ "size": size, "statusSummary": counts, "statusSummaryLastUpdatedAt": now })
}
