//! `submitDeadlineSeconds`: how long an object may be without a job. Asked only once nothing is unclear: a job that may exist
//! is looked for first.

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

use crate::api::condition::{self, Reason};
use crate::api::{BatchJobStatus, Phase};
use crate::moment::left;
use crate::plan::life::give_up::give_up;
use crate::plan::situation::Situation;
use crate::plan::status::write::{self, NewCondition};
use crate::plan::{Plan, Step};

/// What an object without a job is given up for, or wakes up for.
pub fn within(s: &Situation<'_>, plan: impl FnOnce() -> Plan) -> Plan {
    let Some((begun, since)) = begun(s) else { return plan() };
    let Some(seconds) = s.object.spec.submit_deadline_seconds else { return plan() };
    let at = begun.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
    match left(at.duration_since(s.now.wall)) {
        Some(left) => resumed(s, plan()).waking_in(left),
        None => give_up(s, Reason::SubmitDeadlineExceeded, &why(s, seconds, since)),
    }
}

/// From when it counts, and what that was; `None`: it does not count.
fn begun(s: &Situation<'_>) -> Option<(Timestamp, &'static str)> {
    if s.object.spec.suspend == Some(true) {
        return None;
    }
    let status = s.object.status.as_ref();
    let suspended = status.and_then(suspension);
    match suspended.map(|condition| (condition.status.as_str(), condition.last_transition_time.0)) {
        // It was resumed just now.
        Some(("True", _)) => Some((s.now.wall, "resume")),
        Some((_, resumed_at)) => Some((resumed_at, "resume")),
        None => Some((s.created_at(), "creation")),
    }
}

fn suspension(status: &BatchJobStatus) -> Option<&Condition> {
    status.conditions.iter().find(|condition| condition.type_ == condition::SUSPENDED)
}

/// Records when the object was resumed, where nothing else is to be written: the deadline counts from then.
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

/// The latest answer of AWS tells more than the deadline.
fn why(s: &Situation<'_>, seconds: i64, since: &str) -> String {
    let text = format!(
        "AWS has no job of it {seconds} s after its {since} (submitDeadlineSeconds). It is not submitted any more"
    );
    match s.object.status.as_ref().and_then(|status| status.reason.as_ref()) {
        Some(before) => format!("{text}. Before: {before}"),
        None => text,
    }
}
