//! `ttlSecondsAfterFinished`: deletes a finished object. An object from a tool such as Argo CD stays: the tool would
//! create it again, and the job would run again.

use jiff::{SignedDuration, Timestamp};

use crate::api::condition;
use crate::moment::left;
use crate::plan::life::release;
use crate::plan::rule::keeper;
use crate::plan::situation::Situation;
use crate::plan::status::write;
use crate::plan::{Plan, Step};

/// The plan for an object whose job has ended.
pub fn plan(s: &Situation<'_>) -> Option<Plan> {
    s.is_finished().then(|| finished(s))
}

fn finished(s: &Situation<'_>) -> Plan {
    let plan = Plan { status: write::observed(s), ..release::release(s) };
    let Some(at) = due(s) else { return plan };
    if plan.step != Step::Rest || s.is_deleting() {
        return plan;
    }
    match left(at.duration_since(s.now.wall)) {
        Some(left) => Plan { wake: Some(left), ..plan },
        None => Plan::step(Step::Delete),
    }
}

/// When the object is to be deleted.
fn due(s: &Situation<'_>) -> Option<Timestamp> {
    let seconds = s.object.spec.ttl_seconds_after_finished?;
    if keeper::keeper(s.object).is_some() {
        return None;
    }
    let conditions = &s.object.status.as_ref()?.conditions;
    let is_end = |kind: &str| kind == condition::COMPLETE || kind == condition::FAILED;
    let end = conditions.iter().find(|condition| is_end(&condition.type_) && condition.status == "True")?;
    end.last_transition_time.0.checked_add(SignedDuration::from_secs(seconds)).ok()
}
