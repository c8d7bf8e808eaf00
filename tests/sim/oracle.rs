//! The judge. It uses AWS Batch and the API server, never the operator's own knowledge.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::features;
use super::job::Job;
use super::object::{has_reason, is_of_another};
use super::ownership::owns;
use super::rights::{self, may_go_on};
use super::store::{Change, was_torn};
use super::world::{Tampering, WINDOW, World};

/// So many writes of one status within an hour flood the API server. Three processes that see different things may write
/// once a minute each.
const MOST_IN_AN_HOUR: usize = 200;

/// Whether nothing more will happen: every object and every job has ended.
pub fn has_settled(world: &World) -> bool {
    if !world.has_cleared() {
        return false;
    }
    let now = world.now();
    let objects = world.rest(|rest| rest.store.objects().clone());
    objects.iter().all(|object| features::rests(world, &objects, object))
        && world
            .jobs()
            .iter()
            .filter(|job| !job.uid().is_empty() && !job.is_forgotten)
            .all(|job| may_go_on(world, job) || job.status(now).is_terminal() && now >= job.shows.whole_at())
}

/// Notes every broken promise.
pub fn judge(world: &World) {
    if !has_settled(world) {
        let objects = world.rest(|rest| {
            let unsettled =
                |object: &&Value| object["metadata"]["finalizers"].as_array().is_some_and(|f| !f.is_empty());
            let open: Vec<Value> = rest.store.objects().iter().filter(unsettled).cloned().collect();
            if open.is_empty() { rest.store.objects().iter().cloned().collect() } else { open }
        });
        world.broken(format!("not settled: {}", serde_json::to_string(&objects).unwrap()));
    }
    let mut of: BTreeMap<String, Vec<Job>> = BTreeMap::new();
    for job in world.jobs() {
        of.entry(job.uid().to_owned()).or_default().push(job);
    }
    for (uid, jobs) in &of {
        if uid.is_empty() {
            continue;
        }
        never_twice(world, uid, jobs);
    }
    let objects: Vec<Value> = world.rest(|rest| rest.store.objects().iter().cloned().collect());
    for object in &objects {
        never_lost(world, object, &of);
    }
    none_after_delete(world, &of);
    never_flooded(world);
}

/// Nobody writes one status again and again.
fn never_flooded(world: &World) {
    let (most, uid) = world.rest(|rest| rest.most_status_writes.clone());
    if most > MOST_IN_AN_HOUR {
        world.broken(format!("the status of {uid} was written {most} times within an hour"));
    }
}

/// One job for each object. If jobs may be hidden longer than the window, all but one were ended.
fn never_twice(world: &World, uid: &str, jobs: &[Job]) {
    if is_out_of_reach(world, uid) || rights::lost_its_only_trace(world, uid) {
        return;
    }
    // A job whose dependency failed never ran.
    let ran = jobs.iter().filter(|job| job.ended_by_us_at.is_none() && job.orphaned_at.is_none()).count();
    let many = if world.weather.breaks_the_window { ran } else { jobs.len() };
    if many > 1 {
        let ids: Vec<&str> = jobs.iter().map(|job| job.id.as_str()).collect();
        world.broken(format!("{uid} ran {many} times: {ids:?}"));
    }
}

/// Whether a job that was hidden longer than the window may run on: its object was removed, or was refused. These are
/// the exceptions in docs/guarantees.md, only where the window is broken.
fn is_out_of_reach(world: &World, uid: &str) -> bool {
    world.weather.breaks_the_window
        && world.rest(|rest| {
            let object = rest.store.objects().iter().find(|object| object["metadata"]["uid"] == *uid);
            object.is_none_or(|object| {
                ["DependencyFailed", "SubmissionUnknown", "SubmitDeadlineExceeded"]
                    .iter()
                    .any(|reason| has_reason(&object["status"], reason))
            })
        })
}

/// An object that should run has the job that its status names.
fn never_lost(world: &World, object: &Value, of: &BTreeMap<String, Vec<Job>>) {
    let uid = object["metadata"]["uid"].as_str().unwrap();
    let status = &object["status"];
    let jobs = of.get(uid).map(Vec::as_slice).unwrap_or_default();
    let named = status["jobId"].as_str();
    // A user who writes the id of another job into a status may keep the object from its own job.
    let is_forged = world.weather.tampering == Some(Tampering::JobIds);
    if is_out_of_reach(world, uid)
        || is_forged
        || is_of_another(object)
        || rights::is_stuck_by_right(world, object)
    {
        return;
    }
    match named {
        Some(id) if !jobs.iter().any(|job| job.id.as_str() == id) => {
            world.broken(format!("{uid} names {id}, which is not its job"));
        }
        None if jobs.len() == 1 => world.broken(format!("{uid} has a job and does not know it: {status}")),
        None if features::has_none_by_right(world, object) => {}
        None => world.broken(format!("{uid} has no job: {status}")),
        _ => {}
    }
}

/// The time by which the jobs of an object with a bypassed finalizer must have ended. Only a process that saw the
/// deletion knows of it, its successors do not: docs/guarantees.md.
fn ended_when_torn(world: &World, at: Timestamp, was_unheld: bool) -> Timestamp {
    // A replace may come while no process runs.
    let there_again = if was_unheld { rights::TO_BE_THERE_AGAIN } else { SignedDuration::ZERO };
    if world.killed_at() + there_again >= at {
        Timestamp::MAX
    } else {
        at.max(world.clears_at()) + SignedDuration::from_mins(10)
    }
}

/// After the deletion of an object no job of it runs on, unless its policy says so.
fn none_after_delete(world: &World, of: &BTreeMap<String, Vec<Job>>) {
    let (was_restored, deleted): (bool, Vec<(Timestamp, Value)>) = world.rest(|rest| {
        let log = rest.store.log();
        // A restore brings back objects that were deleted before.
        let restored = log.iter().rposition(|(_, change)| matches!(change, Change::Restored));
        let changes = log[restored.map_or(0, |at| at + 1)..].iter();
        let gone = changes.filter_map(|(at, change)| match change {
            Change::Deleted(object) => Some((*at, object.clone())),
            _ => None,
        });
        (restored.is_some(), gone.collect())
    });
    for (at, object) in deleted {
        let policy = object["spec"]["deletionPolicy"].as_str().unwrap_or("Terminate");
        let uid = object["metadata"]["uid"].as_str().unwrap();
        let is_named = |job: &&Job| object["status"]["jobId"].as_str() == Some(job.id.as_str());
        // An id that a person wrote there does not make a job the object's.
        let is_forged = world.weather.tampering == Some(Tampering::JobIds);
        let named = |job: &&Job| is_named(job) && !is_forged && owns(&object, job);
        let adopted = of.values().flatten().filter(named).filter(|job| job.uid() != uid);
        let jobs = of.get(uid).into_iter().flatten().chain(adopted);
        if rights::lost_its_only_trace(world, uid) {
            continue;
        }
        let did_not_wait = object["metadata"]["deletionTimestamp"].is_null();
        // A restore may bring an object back from before its claim.
        let was_unheld = did_not_wait && (rights::was_unheld(world, uid) || was_restored);
        let is_torn = was_torn(&object) || was_unheld;
        let at = if is_torn { ended_when_torn(world, at, was_unheld) } else { at };
        let is_known = |job: &&Job| job.shows.whole_at().duration_since(job.created_at) < WINDOW;
        let goes_on =
            |job: &&Job| !job.status(at).is_terminal() && job.ended_by_us_at.is_none_or(|ended| ended > at);
        // With policy Cancel and a bypassed finalizer, a job that has started may run on.
        let is_waited_for = policy == "Cancel" && is_torn;
        if policy != "Retain"
            && !is_waited_for
            && let Some(job) = jobs.filter(|job| !job.is_forgotten).filter(is_known).find(goes_on)
        {
            world.broken(format!("{uid} was deleted, and its job {} went on", job.id));
        }
    }
}
