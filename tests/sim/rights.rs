//! The right outcomes where the operator lacks something: a queue, a permission, a finalizer, an account.

use jiff::SignedDuration;
use serde_json::Value;

use super::conditions::Condition;
use super::job::Job;
use super::object::{has_reason, text};
use super::store::Change;
use super::world::World;

/// The time after which the successor of a killed process has seen all objects, in spite of all troubles.
pub const TO_BE_THERE_AGAIN: SignedDuration = SignedDuration::from_mins(15);

/// Whether the operator may not or cannot end the job: it cannot write the finalizer, or works elsewhere.
pub fn may_go_on(world: &World, job: &Job) -> bool {
    world.weather.conditions.stays(Condition::WritesDenied) || !world.aws().may_have(&job.id)
}

/// Whether nothing more can happen to the object, without fault of the operator.
pub fn is_stuck_by_right(world: &World, object: &Value) -> bool {
    let (conditions, status) = (&world.weather.conditions, &object["status"]);
    if conditions.stays(Condition::WritesDenied) {
        return true;
    }
    if is_elsewhere(world, object) {
        return true;
    }
    // A deleted object is released all the same.
    if !object["metadata"]["deletionTimestamp"].is_null() {
        return false;
    }
    let has_any = |reasons: &[&str]| reasons.iter().any(|reason| has_reason(status, reason));
    // A restore may bring back an object from before its submission, and nobody can look into a queue that is gone.
    let is_restored =
        || world.rest(|rest| rest.store.log().iter().any(|(_, c)| matches!(c, Change::Restored)));
    conditions.stays(Condition::QueueGone)
        && (has_any(&["Refused", "Unconfirmed", "Searching", "SubmissionUnknown"])
            || says_that_nobody_can_look(status)
            || has_any(&["WaitingForDependencies"]) && is_restored())
        || conditions.has(Condition::UntoldStrangers) && has_any(&["Unconfirmed", "Searching"])
}

/// Whether the object was given up at its deadline, and its status says that whether it has a job cannot be seen.
fn says_that_nobody_can_look(status: &Value) -> bool {
    let reason = status["reason"].as_str().unwrap_or_default();
    has_reason(status, "SubmitDeadlineExceeded") && reason.contains("AWS lets nobody look for one")
}

/// Whether the object's job is, or may be, in the other account, and the operator is in ours again.
fn is_elsewhere(world: &World, object: &Value) -> bool {
    if !world.weather.conditions.has(Condition::AnotherAccount) || world.account() != 0 {
        return false;
    }
    let ours = |id: &str| aws_batch_operator::job::JobId::new(id).is_some_and(|id| world.aws().may_have(&id));
    match text(object, "/status/jobId") {
        Some(id) => !ours(id),
        None => last_claim_went_elsewhere(world, object),
    }
}

/// Whether the latest claim names the other account.
fn last_claim_went_elsewhere(world: &World, object: &Value) -> bool {
    let uid = &object["metadata"]["uid"];
    let (account, region) = place(world, 0);
    world.rest(|rest| {
        let last = rest.claims.iter().rfind(|claim| claim["uid"] == *uid);
        let Some(target) = last.map(|claim| &claim["target"]) else { return false };
        let is_another = |member: &str, ours: &str| target[member].as_str().is_some_and(|it| it != ours);
        is_another("region", region) || account.is_some_and(|account| is_another("accountID", account))
    })
}

/// The account and Region that a process is given. In plain worlds the Regions differ and no account is known. In wide
/// worlds only the accounts differ.
pub fn place(world: &World, account: usize) -> (Option<&'static str>, &'static str) {
    match (world.weather.is_wide, account) {
        (false, 0) => (None, "us-east-1"),
        (false, _) => (None, "eu-west-1"),
        (true, 0) => (Some("111122223333"), "us-east-1"),
        (true, _) => (Some("444455556666"), "us-east-1"),
    }
}

/// Whether a replace removed the claim of a request that no status records yet. Only a process that has seen the claim
/// knows of it: docs/guarantees.md.
pub fn lost_its_only_trace(world: &World, uid: &str) -> bool {
    let begun_since = world.killed_at() + TO_BE_THERE_AGAIN;
    world.puts().iter().any(|put| put.took_a_secret && put.uid == uid && put.at <= begun_since)
}

/// Whether a replace removed the finalizer of the object.
pub fn was_unheld(world: &World, uid: &str) -> bool {
    world.puts().iter().any(|put| put.uid == uid)
}
