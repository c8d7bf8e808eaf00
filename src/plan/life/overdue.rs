//! `submitDeadlineSeconds`: how long an object may be without a job. If it is in doubt, the search by name comes first.

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

use crate::api::condition::{self, Reason};
use crate::api::{BatchJobStatus, Phase};
use crate::moment::left;
use crate::plan::life::give_up::give_up;
use crate::plan::situation::Situation;
use crate::plan::status::write::{self, NewCondition};
use crate::plan::{Plan, Step};

/// Gives the object up after the deadline, or wakes the object at the deadline.
pub fn within(s: &Situation<'_>, plan: impl FnOnce() -> Plan) -> Plan {
    let Some((begun, since)) = begun(s) else { return plan() };
    let Some(seconds) = s.object.spec.submit_deadline_seconds else { return plan() };
    let at = begun.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
    match left(at.duration_since(s.now.wall)) {
        Some(left) => resumed(s, plan()).waking_in(left),
        None => give_up(s, Reason::SubmitDeadlineExceeded, &why(s, seconds, since)),
    }
}

/// When the deadline begins, and the word for that event; `None`: the object is suspended.
fn begun(s: &Situation<'_>) -> Option<(Timestamp, &'static str)> {
    if s.object.spec.suspend == Some(true) {
        return None;
    }
    let status = s.object.status.as_ref();
    let suspended = status.and_then(suspension);
    match suspended.map(|condition| (condition.status.as_str(), condition.last_transition_time.0)) {
        // The object was resumed just now.
        Some(("True", _)) => Some((s.now.wall, "resume")),
        Some((_, resumed_at)) => Some((resumed_at, "resume")),
        None => Some((s.created_at(), "creation")),
    }
}

fn suspension(status: &BatchJobStatus) -> Option<&Condition> {
    status.conditions.iter().find(|condition| condition.type_ == condition::SUSPENDED)
}

/// Records the time of the resume if no other status is written. The deadline counts from that time.
fn resumed(s: &Situation<'_>, plan: Plan) -> Plan {
    let is_told = s.object.status.as_ref().and_then(suspension).is_none_or(|told| told.status == "False");
    if is_told || plan.status.is_some() || plan.step != Step::TakeTurn {
        return plan;
    }
    let text = "spec.suspend is false: it takes its turn";
    let says = vec![
        NewCondition::is_false(condition::SUBMITTED, Reason::Resumed, text),
        NewCondition::is_true(condition::RECONCILING, Reason::Resumed, text),
    ];
    let status = write::status(s, says, |status| status.phase = Some(Phase::Pending));
    Plan { status, ..plan }
}

/// Why the object is given up. The earlier reason, which says more, is quoted. A restore may have brought back an object
/// whose queue is gone: nobody can see whether that object had a job.
fn why(s: &Situation<'_>, seconds: i64, since: &str) -> String {
    let is_unseen = s.lookup.as_ref().is_some_and(|lookup| lookup.found.is_err());
    let what = if is_unseen {
        "No job of it is known, and AWS lets nobody look for one,"
    } else {
        "AWS has no job of it"
    };
    let text =
        format!("{what} {seconds} s after its {since} (submitDeadlineSeconds). It is not submitted any more");
    match s.object.status.as_ref().and_then(|status| status.reason.as_ref()) {
        Some(before) => format!("{text}. Before: {before}"),
        None => text,
    }
}
