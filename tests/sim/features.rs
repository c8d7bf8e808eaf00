//! The judge of the wide worlds: for each feature, by what AWS Batch and the API server show.

use std::collections::{BTreeMap, BTreeSet};

use aws_batch_operator::job::EndKind;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::deadlines::{self, SKEW};
use super::job::Job;
use super::object::{
    adopts, has_any, has_reason, is_at_most_once, is_final, is_kept, is_managed_elsewhere, text,
};
use super::ownership::{may_be_adopted, owns};
use super::rights;
use super::store::{Change, Objects};
use super::told;
use super::world::{Tampering, World};

/// Whether the object needs nothing more.
pub fn rests(world: &World, objects: &Objects, object: &Value) -> bool {
    rests_within(world, objects, object, 4)
}

fn rests_within(world: &World, objects: &Objects, object: &Value, depth: u32) -> bool {
    if is_managed_elsewhere(object) || rights::is_stuck_by_right(world, object) {
        return true;
    }
    if world.weather.tampering == Some(Tampering::JobIds) && has_any(object, &["NotOwned"]) {
        return true;
    }
    if is_final(object) {
        return object["spec"]["ttlSecondsAfterFinished"].is_null() || is_kept(object);
    }
    let is_hopeless =
        |other: &Value| depth > 0 && !is_final(other) && rests_within(world, objects, other, depth - 1);
    if let Some(id) = adopts(object) {
        // The owner of the job never ends where nobody can look for its job.
        let is_kept = || owner(world, objects, id).is_some_and(is_hopeless);
        return has_any(object, &["CannotAdopt", "NotOwned"]) && (!may_be_followed(world, id) || is_kept());
    }
    // The object waits for a parent that does not exist or never gets a job, as it should.
    let parent = text(object, "/spec/dependsOn/0/name");
    let waits = has_reason(&object["status"], "WaitingForDependencies");
    waits && parent.is_some_and(|parent| objects.get(parent).is_none_or(is_hopeless))
}

/// The object whose job this is.
fn owner<'a>(world: &World, objects: &'a Objects, id: &str) -> Option<&'a Value> {
    let job = world.jobs().into_iter().find(|job| job.id.as_str() == id)?;
    objects.iter().find(|object| object["metadata"]["uid"] == *job.uid())
}

/// Whether AWS shows the job, and it belongs to this namespace or a tag grants it.
fn may_be_followed(world: &World, id: &str) -> bool {
    world.jobs().iter().any(|job| job.id.as_str() == id && !job.is_forgotten && may_be_adopted(job))
}

/// Whether the object has no job, and should have none.
pub fn has_none_by_right(world: &World, object: &Value) -> bool {
    let status = &object["status"];
    // Or a person made the object look so: a copy may have a claim that cannot be read.
    let was_claimed = || {
        world.weather.tampering.is_some()
            || world.rest(|rest| rest.claims.iter().any(|claim| claim["uid"] == object["metadata"]["uid"]))
    };
    (is_at_most_once(object) && has_reason(status, "SubmissionUnknown") && was_claimed())
        || ["DependencyFailed", "WaitingForDependencies", "SubmitDeadlineExceeded"]
            .iter()
            .any(|reason| has_reason(status, reason))
}

/// Notes every broken promise of a feature.
pub fn judge(world: &World) {
    if !world.weather.is_wide {
        return;
    }
    let jobs = world.jobs();
    let versions = world.rest(|rest| versions(rest.store.log()));
    let objects: Vec<Value> = world.rest(|rest| rest.store.objects().iter().cloned().collect());
    for job in &jobs {
        let owners: Vec<&Value> = versions.iter().filter(|object| owns(object, job)).collect();
        deadlines::ended_for_a_reason(world, job, &owners);
    }
    for version in &versions {
        left_alone(world, version, &jobs);
    }
    for object in &objects {
        deadlines::given_up_in_time(world, object, &versions);
        deadlines::ended_in_time(world, object, &versions, &jobs);
        follows_what_it_named(world, object);
    }
    let log = world.rest(|rest| rest.store.log().to_vec());
    shows_no_stranger(world, &log, &jobs);
    told::judge(world, &jobs);
    deleted_in_its_time(world);
}

/// The events of this world, as conditions and as requests to AWS. This shows that all cases are reached.
pub fn reached(world: &World) -> BTreeSet<String> {
    let mut words: BTreeSet<String> = world.reached().into_iter().map(str::to_owned).collect();
    if !world.weather.is_wide {
        return words;
    }
    let versions = world.rest(|rest| versions(rest.store.log()));
    let conditions = versions.iter().filter_map(|object| object["status"]["conditions"].as_array()).flatten();
    words.extend(conditions.filter_map(|condition| condition["reason"].as_str().map(str::to_owned)));
    let mut add = |word: &str, is_so: bool| {
        if is_so {
            words.insert(word.to_owned());
        }
    };
    let any = |is_so: &dyn Fn(&Value) -> bool| versions.iter().any(is_so);
    add("deleted by the operator", !world.rest(|rest| rest.deleted.is_empty()));
    add(
        "follows an adopted job",
        any(&|object| adopts(object) == text(object, "/status/jobId") && adopts(object).is_some()),
    );
    add("managed by another", any(&is_managed_elsewhere));
    add("failed children", any(&|object| !object["status"]["array"]["failedIndexes"].is_null()));
    let code = |object: &Value| object["status"]["exitCode"].as_i64();
    add(
        "told by its main node",
        any(&|object| !object["status"]["numNodes"].is_null() && code(object).is_some()),
    );
    let jobs = world.jobs();
    let has_waited = |job: &Job| !job.depends_on.is_empty() && job.free_at > Some(job.created_at);
    let is_edited = |object: &Value| text(object, "/metadata/annotations/awsbatch.dev~1claim") == Some("{");
    add("tampered with", any(&is_edited));
    add("waited in AWS", jobs.iter().any(has_waited));
    add("failed in AWS with what it waited for", jobs.iter().any(|job| job.orphaned_at.is_some()));
    let ended: Vec<_> = jobs.iter().filter_map(|job| job.ended_for.clone()).collect();
    add(
        "terminated",
        ended.iter().any(|(kind, reason)| *kind == EndKind::Terminate && reason.contains("deleted")),
    );
    let is_over = |job: &&Job| {
        job.interrupted.is_some_and(|(ran, _)| {
            let deadline = versions.iter().filter(|object| owns(object, job));
            let seconds = deadline.filter_map(|object| object["spec"]["queueDeadlineSeconds"].as_i64()).max();
            seconds.is_some_and(|seconds| {
                job.starts_at()
                    .is_some_and(|at| at + ran > job.created_at + SignedDuration::from_secs(seconds))
            })
        })
    };
    add(
        "tried again past its queue deadline",
        jobs.iter().any(|job| is_over(&job) && job.ended_for.is_none()),
    );
    add("cancelled", ended.iter().any(|(kind, _)| *kind == EndKind::Cancel));
    words
}

/// Every version of every object that there was.
pub fn versions(log: &[(Timestamp, Change)]) -> Vec<Value> {
    let object = |change: &Change| match change {
        Change::Applied(object) | Change::Deleted(object) => Some(object.clone()),
        Change::Restored => None,
    };
    log.iter().filter_map(|(_, change)| object(change)).collect()
}

/// A status that names another owner's job shows nothing of that job.
fn shows_no_stranger(world: &World, log: &[(Timestamp, Change)], jobs: &[Job]) {
    const SHOWN: [&str; 6] = ["jobStatus", "jobQueue", "jobArn", "startedAt", "exitCode", "logs"];
    let mut latest: BTreeMap<&str, &Value> = BTreeMap::new();
    // A job that was adopted with consent stays the object's, whatever the object asks for later.
    let mut owned: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (_, change) in log {
        let (Change::Applied(version) | Change::Deleted(version)) = change else {
            // A restored object is not the earlier one.
            latest.clear();
            continue;
        };
        let uid = text(version, "/metadata/uid").unwrap_or_default();
        let by_right = jobs.iter().filter(|job| owns(version, job));
        owned.extend(by_right.map(|job| (uid, job.id.as_str())));
        let Some(before) = latest.insert(uid, version) else { continue };
        let (was, is) = (&before["status"], &version["status"]);
        let named = jobs.iter().find(|job| is["jobId"] == job.id.as_str());
        if named.is_some_and(|job| !owned.contains(&(uid, job.id.as_str())))
            && SHOWN.iter().any(|member| was[*member] != is[*member])
        {
            world.broken(format!("{uid} shows a job that is not its own: {version}"));
        }
    }
}

/// Another controller's object has no job and no trace of ours. An adopting object submits nothing. `AtMostOnce` holds.
fn left_alone(world: &World, object: &Value, jobs: &[Job]) {
    let uid = text(object, "/metadata/uid").unwrap_or_default();
    let own = jobs.iter().filter(|job| job.uid() == uid).count();
    let is_touched = !object["status"]["conditions"].is_null() || !object["metadata"]["finalizers"].is_null();
    if is_managed_elsewhere(object) && (own > 0 || is_touched) {
        world.broken(format!("{uid} is another's, and was not left alone: {object}"));
    }
    // A change of the annotation on an object that has a job changes nothing.
    let is_changed = world.weather.tampering == Some(Tampering::JobIds);
    if adopts(object).is_some() && own > 0 && !is_changed {
        world.broken(format!("{uid} was to adopt a job, and submitted one"));
    }
    let is_again = |claim: &Value| claim["uid"] == uid && claim["again"] == true;
    if is_at_most_once(object) && (own > 1 || world.rest(|rest| rest.claims.iter().any(is_again))) {
        world.broken(format!("{uid} was to be sent at most once, and was sent again"));
    }
}

fn follows_what_it_named(world: &World, object: &Value) {
    let (named, followed) = (adopts(object), text(object, "/status/jobId"));
    let is_forged = world.weather.tampering == Some(Tampering::JobIds);
    let is_told = named.is_some() && !is_managed_elsewhere(object) && !is_forged;
    if is_told && followed.is_some() && followed != named {
        world.broken(format!("{object} follows another job than it named"));
    }
}

/// The operator deletes an ended object with a time to live that no tool keeps, and not before that time.
fn deleted_in_its_time(world: &World) {
    let deleted = world.rest(|rest| rest.deleted.clone());
    for (at, object) in deleted {
        let seconds = object["spec"]["ttlSecondsAfterFinished"].as_i64();
        let ended = object["status"]["conditions"].as_array().into_iter().flatten().find(|condition| {
            (condition["type"] == "Complete" || condition["type"] == "Failed")
                && condition["status"] == "True"
        });
        let ended = ended.and_then(|condition| condition["lastTransitionTime"].as_str()?.parse().ok());
        let due = seconds
            .zip(ended)
            .map(|(seconds, ended): (i64, Timestamp)| ended + SignedDuration::from_secs(seconds) - SKEW);
        if is_kept(&object) || due.is_none_or(|due| at < due) {
            world.broken(format!("deleted without right, at {at}: {object}"));
        }
    }
}
