//! The judge of what a status says about the submission. An object is given up, vanished or in doubt only for a reason
//! that AWS or the API server's log shows.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::conditions::Condition;
use super::object::{has_reason, text};
use super::ownership::owns;
use super::store::Change;
use super::walk;
use super::world::World;

/// The start of a status about the process's own request without an answer.
const OWN_DOUBT: &str = "The answer to SubmitJob was lost";

/// The reasons of `Submitted=False` for requests that AWS certainly did not accept.
const NOT_ACCEPTED: [&str; 3] = ["Refused", "AccessDenied", "Throttled"];

/// AWS deletes finished jobs after days, so an object with a claim of this age may be given up.
const A_DAY: SignedDuration = SignedDuration::from_hours(23);

/// Notes every broken promise.
pub fn judge(world: &World) {
    let log: Vec<(Timestamp, Value)> = world.rest(|rest| {
        let applied = |(at, change): &(Timestamp, Change)| match change {
            Change::Applied(object) => Some((*at, object.clone())),
            Change::Deleted(_) | Change::Restored => None,
        };
        rest.store.log().iter().filter_map(applied).collect()
    });
    for (at, object) in &log {
        given_up_for_a_reason(world, *at, object);
    }
    let objects: Vec<Value> = world.rest(|rest| rest.store.objects().iter().cloned().collect());
    for object in &objects {
        vanished_from_aws(world, object, &log);
    }
    for uid in uids(&log) {
        let versions: Vec<&Value> =
            log.iter().map(|(_, object)| object).filter(|object| uid_of(object) == uid).collect();
        never_doubted_again(world, &versions);
    }
    notes_what_took_days(world, &log);
}

fn uid_of(object: &Value) -> &str {
    text(object, "/metadata/uid").unwrap_or_default()
}

fn uids(log: &[(Timestamp, Value)]) -> Vec<&str> {
    let mut uids: Vec<&str> = log.iter().map(|(_, object)| uid_of(object)).collect();
    uids.sort_unstable();
    uids.dedup();
    uids
}

fn claim_of(object: &Value) -> Option<&str> {
    text(object, "/metadata/annotations/awsbatch.dev~1claim")
}

/// `SubmissionUnknown` needs a claim, and either the policy `AtMostOnce` or a claim that is a day old.
fn given_up_for_a_reason(world: &World, at: Timestamp, object: &Value) {
    if !has_reason(&object["status"], "SubmissionUnknown") {
        return;
    }
    let uid = uid_of(object);
    let was_claimed = world.rest(|rest| rest.claims.iter().any(|claim| claim["uid"] == uid));
    // A copy may have a claim that cannot be read, and a claim may have been removed by hand.
    if !was_claimed && world.weather.tampering.is_none() {
        world.broken(format!("{uid} was never claimed, and at {at} it was not known whether its job ran"));
    }
    let is_once = object["spec"]["submissionPolicy"] == "AtMostOnce";
    if !is_once && !is_old(world, uid, at) {
        world.broken(format!("{uid} was given up at {at}, within a day of its claim"));
    }
}

/// Whether the first claim of the object is a day old at that time.
fn is_old(world: &World, uid: &str, at: Timestamp) -> bool {
    let claimed_at = |claim: &Value| claim["at"].as_str()?.parse::<Timestamp>().ok();
    world.rest(|rest| {
        let mut claims = rest.claims.iter().filter(|claim| claim["uid"] == uid);
        claims.any(|claim| claimed_at(claim).is_some_and(|claimed| at.duration_since(claimed) > A_DAY))
    })
}

/// A job has vanished only if no read of AWS shows it any more. A user who writes id and name of a job into a status
/// gets the answer for that name.
fn vanished_from_aws(world: &World, object: &Value, log: &[(Timestamp, Value)]) {
    if !has_reason(&object["status"], "JobVanished") {
        return;
    }
    let id = text(object, "/status/jobId").unwrap_or_default();
    let is_same = |version: &Value| uid_of(version) == uid_of(object) && version["status"]["jobId"] == id;
    if log.iter().any(|(_, version)| is_same(version) && walk::is_by_hand(&version["status"])) {
        return;
    }
    if world.jobs().iter().any(|job| job.id.as_str() == id && !job.is_forgotten && owns(object, job)) {
        world.broken(format!("{} is told that {id} has vanished, and AWS tells of it", uid_of(object)));
    }
}

/// Once a status records that AWS did not accept the request of a claim, a restart does not put that claim in doubt
/// again. A process whose own earlier request got no answer uses other words, and doubts that request. These are the
/// versions of one object, in order.
fn never_doubted_again(world: &World, versions: &[&Value]) {
    if world.weather.tampering.is_some() {
        return;
    }
    let mut settled: Option<&str> = None;
    for pair in versions.windows(2) {
        let (before, after) = (pair[0], pair[1]);
        let Some(claim) = claim_of(after).filter(|claim| claim_of(before) == Some(claim)) else { continue };
        let Some(reason) = submitted(after) else { continue };
        let is_about_its_own =
            after["status"]["reason"].as_str().is_some_and(|text| text.starts_with(OWN_DOUBT));
        if settled == Some(claim) && reason == "Unconfirmed" && !is_about_its_own {
            world.broken(format!("{}: AWS did not take it, and now it is doubted: {after}", uid_of(after)));
        }
        let is_news = before["status"] != after["status"] && !is_about_another(after, claim);
        if NOT_ACCEPTED.contains(&reason) && is_news {
            settled = Some(claim);
        }
    }
}

/// Whether the status records the outcome of another claim. Without a leader a process may tell of its own request while
/// the object has the claim of another process.
fn is_about_another(object: &Value, claim: &str) -> bool {
    let at = serde_json::from_str::<Value>(claim).map(|claim| claim["at"].clone());
    let recorded = &object["status"]["submission"]["claimedAt"];
    recorded.is_string() && at.is_ok_and(|at| at != *recorded)
}

/// The reason of the condition `Submitted`.
fn submitted(object: &Value) -> Option<&str> {
    let conditions = object["status"]["conditions"].as_array()?;
    conditions.iter().find(|condition| condition["type"] == "Submitted")?["reason"].as_str()
}

/// Notes which waits of a world of days took place.
fn notes_what_took_days(world: &World, log: &[(Timestamp, Value)]) {
    if !world.weather.conditions.has(Condition::Days) {
        return;
    }
    let jobs = world.jobs();
    for job in &jobs {
        let created = log.iter().find(|(_, object)| uid_of(object) == job.uid()).map(|(at, _)| *at);
        if created
            .is_some_and(|created| job.created_at.duration_since(created) > SignedDuration::from_hours(24))
        {
            world.reach("sent after more than a day");
        }
        if job.takes.1 > Duration::from_hours(24) && job.ended_by_us_at.is_none() {
            world.reach("a job that runs for more than a day");
        }
    }
}
