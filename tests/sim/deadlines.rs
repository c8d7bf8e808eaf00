//! The judge of deadlines, and of the policies that end a job: by the requests to AWS and their times.

use std::time::Duration;

use aws_batch_operator::job::EndKind;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::conditions::Condition;
use super::job::Job;
use super::object::{has_reason, text};
use super::rights::may_go_on;
use super::world::World;

/// The largest error of three clocks together: of the writer of a time, of its reader, and of AWS.
pub const SKEW: SignedDuration = SignedDuration::from_secs(130);

/// The longest delay of an untroubled operator.
const SOON: SignedDuration = SignedDuration::from_mins(15);

/// A job is ended at its deadline or later, and for a deletion only if the policy says so.
pub fn ended_for_a_reason(world: &World, job: &Job, owners: &[&Value]) {
    let (Some(at), Some((kind, reason))) = (job.ended_by_us_at, &job.ended_for) else { return };
    let seconds = |member: &str| owners.iter().filter_map(|object| object["spec"][member].as_i64()).min();
    let policy = |wanted: &[Option<&str>]| {
        owners.iter().any(|object| wanted.contains(&object["spec"]["deletionPolicy"].as_str()))
    };
    let is_early = |member: &str| {
        let least = seconds(member).map(SignedDuration::from_secs);
        least.is_none_or(|least| at < job.created_at + least - SKEW)
    };
    if *kind == EndKind::Cancel && job.starts_at().is_some_and(|starts| at >= starts) {
        world.broken(format!("{} was cancelled at {at}, and had started before: {reason}", job.id));
    }
    let is_wrong = match reason.as_str() {
        _ if reason.starts_with("queueDeadline") && *kind != EndKind::Cancel => true,
        _ if reason.starts_with("activeDeadline") => is_early("activeDeadlineSeconds"),
        _ if reason.starts_with("queueDeadline") => is_early("queueDeadlineSeconds"),
        "the BatchJob was deleted" if *kind == EndKind::Cancel => !policy(&[Some("Cancel")]),
        "the BatchJob was deleted" => !policy(&[None, Some("Terminate")]),
        _ => false,
    };
    if is_wrong {
        world.broken(format!("{} was ended at {at} without right: {reason}", job.id));
    }
}

/// An object is given up at its submit deadline or later.
pub fn given_up_in_time(world: &World, object: &Value, versions: &[Value]) {
    if !has_reason(&object["status"], "SubmitDeadlineExceeded") {
        return;
    }
    let uid = &object["metadata"]["uid"];
    let of_object = versions.iter().filter(|version| version["metadata"]["uid"] == *uid);
    let least = of_object.filter_map(|version| version["spec"]["submitDeadlineSeconds"].as_i64()).min();
    let time = |pointer: &str| text(object, pointer)?.parse::<Timestamp>().ok();
    let created = time("/metadata/creationTimestamp");
    let conditions = object["status"]["conditions"].as_array().into_iter().flatten();
    let mut failed = conditions.filter(|condition| condition["type"] == "Failed");
    let given_up: Option<Timestamp> =
        failed.next().and_then(|told| told["lastTransitionTime"].as_str()?.parse().ok());
    let due = created.zip(least).map(|(created, least)| created + SignedDuration::from_secs(least) - SKEW);
    if due.zip(given_up).is_none_or(|(due, given_up)| given_up < due) {
        world.broken(format!(
            "{uid} was given up at {given_up:?}, and not before {due:?} it might be: {object}"
        ));
    }
}

/// The time from which nothing troubles the operator: the weather has cleared, and no restore is under way.
fn calm_from(world: &World) -> Timestamp {
    let begun = world.now() - SignedDuration::try_from(world.elapsed()).unwrap();
    begun + world.weather.clears_after.max(Duration::from_mins(27))
}

/// If its deadline was never changed, the job of a living object ends by then.
pub fn ended_in_time(world: &World, object: &Value, versions: &[Value], jobs: &[Job]) {
    let (uid, deadline) = (&object["metadata"]["uid"], &object["spec"]["activeDeadlineSeconds"]);
    let of_object = versions.iter().filter(|version| version["metadata"]["uid"] == *uid);
    let is_constant = of_object.clone().all(|version| version["spec"]["activeDeadlineSeconds"] == *deadline);
    let (Some(seconds), true) = (deadline.as_i64(), is_constant && !world.weather.breaks_the_window) else {
        return;
    };
    // In a world of days, replicas are replaced from time to time, and each successor needs time.
    let soon = if world.weather.conditions.has(Condition::Days) { SOON * 8 } else { SOON };
    for job in jobs.iter().filter(|job| *uid == job.uid() && !job.is_forgotten && !may_go_on(world, job)) {
        let due = (job.created_at + SignedDuration::from_secs(seconds)).max(calm_from(world));
        if job.ends_at() > due + soon {
            world.broken(format!("{uid}: its job {} ran until {}, long after {due}", job.id, job.ends_at()));
        }
    }
}
