//! The judge of what a status shows of a job, and of the dependencies that AWS was given.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::job::Job;
use super::object::{has_reason, text};
use super::ownership::owns;
use super::rights;
use super::store::Change;
use super::walk;
use super::world::World;

/// Notes each status that differs from AWS, and each job that was sent although it should wait.
pub fn judge(world: &World, jobs: &[Job]) {
    let log: Vec<(Timestamp, Value)> = world.rest(|rest| {
        let applied = |(at, change): &(Timestamp, Change)| match change {
            Change::Applied(object) => Some((*at, object.clone())),
            Change::Deleted(_) | Change::Restored => None,
        };
        rest.store.log().iter().filter_map(applied).collect()
    });
    for (_, object) in &log {
        // The hostile user's own statuses are not the operator's.
        if walk::is_by_hand(&object["status"]) {
            continue;
        }
        let named = jobs.iter().find(|job| text(object, "/status/jobId") == Some(job.id.as_str()));
        if let Some(job) = named.filter(|job| owns(object, job)) {
            tells_its_children(world, object, job);
            tells_how_it_ended(world, object, job);
            tells_why_it_waits(world, object, job);
        }
    }
    for job in jobs {
        waits_for_its_parent(world, job, &log);
    }
    let objects: Vec<Value> = world.rest(|rest| rest.store.objects().iter().cloned().collect());
    let is_told = |object: &&Value| obstacle(object).is_some() && !rights::is_stuck_by_right(world, object);
    for object in objects.iter().filter(is_told) {
        world.broken(format!("all has ended, and something is not schedulable: {object}"));
    }
}

/// The status of a failed array has AWS's counts of children, and names no others.
fn tells_its_children(world: &World, object: &Value, job: &Job) {
    let status = &object["status"];
    let has_failed = has_reason(status, "JobFailed") || has_reason(status, "DeadlineExceeded");
    let Some(truth) = job.failed_children().filter(|_| has_failed) else { return };
    let told = status["array"]["failedIndexes"].as_str().map(parsed);
    let counted =
        status["array"]["statusSummary"]["FAILED"].as_u64().and_then(|failed| usize::try_from(failed).ok());
    if counted != Some(truth.len()) || told.is_some_and(|told| told != truth) {
        world.broken(format!("of {} failed {truth:?}, and the status says {status}", job.id));
    }
}

fn parsed(indexes: &str) -> BTreeSet<i32> {
    let run = |run: &str| {
        let (first, last) = run.split_once('-').unwrap_or((run, run));
        first.parse::<i32>().unwrap()..=last.parse().unwrap()
    };
    indexes.split(',').flat_map(run).collect()
}

/// An exit code equals AWS's, and exists only after the end. The number of nodes equals AWS's.
fn tells_how_it_ended(world: &World, object: &Value, job: &Job) {
    let status = &object["status"];
    let told = |member: &str| status[member].as_i64().map(|number| i32::try_from(number).unwrap());
    let has_ended = ["Succeeded", "Failed", "Unknown"].iter().any(|phase| status["phase"] == *phase);
    let code = told("exitCode");
    if code.is_some() && (!has_ended || code != job.exit_code()) {
        world.broken(format!("{} ended with {:?}, and the status says {status}", job.id, job.exit_code()));
    }
    let nodes = told("numNodes");
    if nodes.is_some() && nodes != job.nodes {
        world.broken(format!("{} has {:?} nodes, and the status says {status}", job.id, job.nodes));
    }
}

/// `Schedulable` repeats AWS's reason, and never for a job that has begun.
fn tells_why_it_waits(world: &World, object: &Value, job: &Job) {
    let Some(reason) = obstacle(object) else { return };
    let is_so = job.stuck.is_some_and(|stuck| stuck.starts_with(&format!("{}:", reason.to_uppercase())));
    if !is_so || object["status"]["jobStatus"] != "RUNNABLE" {
        world.broken(format!("AWS says {:?} of {}, and the status says {object}", job.stuck, job.id));
    }
}

/// The reason of the condition `Schedulable`.
fn obstacle(object: &Value) -> Option<&str> {
    let conditions = object["status"]["conditions"].as_array()?;
    conditions.iter().find(|condition| condition["type"] == "Schedulable")?["reason"].as_str()
}

/// The job depends in AWS on the job of the named BatchJob, unless that job had succeeded by then.
fn waits_for_its_parent(world: &World, job: &Job, log: &[(Timestamp, Value)]) {
    let name = log.iter().find_map(|(_, object)| {
        text(object, "/spec/dependsOn/0/name").filter(|_| object["metadata"]["uid"] == job.uid())
    });
    let Some(name) = name else { return };
    let mut parents =
        log.iter().filter(|(at, object)| *at <= job.created_at && object["metadata"]["name"] == name);
    let is_waited_for = |object: &Value| {
        let id = text(object, "/status/jobId");
        job.depends_on.iter().any(|other| Some(other.as_str()) == id)
    };
    let has_succeeded =
        |object: &Value| job.depends_on.is_empty() && object["status"]["phase"] == "Succeeded";
    if !parents.any(|(_, object)| is_waited_for(object) || has_succeeded(object)) {
        world.broken(format!("{} of {} was not told to wait for {name}", job.id, job.uid()));
    }
}
