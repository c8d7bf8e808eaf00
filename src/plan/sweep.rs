//! Looks once more, later, where a second job of an object may hide: after a second send, and after a job was found by
//! its name. What is pending stands in the status, so that it survives restarts; the object is held until it is done.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use kube::ResourceExt;

use super::resolve::{end_extras, question, unended};
use super::situation::Situation;
use super::{Claimed, Plan, Step, claimed};
use crate::api::condition::{self, Reason};
use crate::api::{ADOPT_ANNOTATION, BatchJobStatus, DeletionPolicy};
use crate::batch::JobId;

/// So many visibility windows after the last moment at which another request can have been sent. A job that hides five
/// times as long as AWS is trusted to hide one is found and ended all the same.
const WINDOWS: i32 = 5;

/// A look that failed is made again after this time.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// How the condition `Submitted` says that AWS has the job.
pub fn confirmation(s: &Situation<'_>, id: &JobId) -> (Reason, String) {
    let recorded = s.object.status.as_ref().and_then(submitted);
    let reason = match recorded {
        Some(condition) if condition.status == "True" => pending(condition).unwrap_or(Reason::Accepted),
        _ if s.object.annotations().contains_key(ADOPT_ANNOTATION) => Reason::Accepted,
        _ if s.accepted.is_none() && s.recorded_job_id().is_none() => Reason::Recovered,
        _ if matches!(claimed(s.object), Claimed::Yes(claim) if claim.again) => Reason::Resubmitted,
        _ => Reason::Accepted,
    };
    let text = match reason {
        Reason::Recovered => {
            format!("Found job {id} of an earlier submission; others are looked for once more")
        }
        Reason::Resubmitted => {
            format!(
                "AWS accepted the job as {id}; an earlier submission was not found and is looked for once more"
            )
        }
        _ => format!("AWS accepted the job as {id}"),
    };
    (reason, text)
}

/// Adds the late look to a plan, and holds the object until it is done.
pub fn along(s: &Situation<'_>, plan: Plan) -> Plan {
    let after = plan.status.as_ref().or(s.object.status.as_ref());
    let Some(due) = after.and_then(|status| due(s, status)) else { return plan };
    if s.is_deleting() && s.deletion_policy() == DeletionPolicy::Retain {
        return plan;
    }
    let held = Plan { step: plan.step.held(), ..plan.clone() };
    if held.step != Step::Rest {
        return held;
    }
    if s.now < due {
        return held.waking_at(s, due);
    }
    match s.lookup.as_ref().filter(|lookup| lookup.asked_at >= due) {
        None => Plan { step: Step::Ask(question(s)), ..held },
        Some(lookup) => match &lookup.found {
            Err(_) if s.now < lookup.asked_at + AGAIN => held.waking_at(s, lookup.asked_at + AGAIN),
            Err(_) => Plan { step: Step::Ask(question(s)), ..held },
            Ok(jobs) => {
                let own = after.and_then(|status| status.job_id.as_deref());
                let extras = unended(s, jobs.iter().filter(|job| Some(job.id.as_str()) != own));
                if extras.is_empty() { done(s, plan) } else { end(s, held, extras) }
            }
        },
    }
}

/// Ends what hid, along with whatever else is to be written.
fn end(s: &Situation<'_>, held: Plan, extras: Vec<JobId>) -> Plan {
    let ending = end_extras(s, extras);
    let notes = [held.notes, ending.notes].concat();
    Plan {
        step: ending.step,
        wake: ending.wake.or(held.wake),
        notes,
        status: held.status,
        follow: held.follow,
    }
}

/// Says that there is nothing more to look for.
fn done(s: &Situation<'_>, mut plan: Plan) -> Plan {
    let mut status = plan.status.take().unwrap_or_else(|| s.status());
    let id = status.job_id.clone().unwrap_or_default();
    for condition in status.conditions.iter_mut().filter(|condition| pending(condition).is_some()) {
        Reason::Accepted.as_str().clone_into(&mut condition.reason);
        condition.message = format!("AWS accepted the job as {id}");
    }
    plan.status = Some(status);
    plan
}

/// When the late look is due; `None`: none is pending.
fn due(s: &Situation<'_>, status: &BatchJobStatus) -> Option<Timestamp> {
    let condition = submitted(status).filter(|condition| pending(condition).is_some())?;
    let recorded = condition.last_transition_time.0;
    // What we claimed ourselves had been sent when the job was recorded. Another may be held up behind its claim.
    let sent = match claimed(s.object) {
        Claimed::Yes(claim) if claim.holder != s.settings.identity => {
            claim.at.min(recorded).checked_add(s.settings.signature_life).ok()?
        }
        _ => recorded,
    };
    recorded.max(sent).checked_add(s.settings.visibility_window * WINDOWS).ok()
}

fn submitted(status: &BatchJobStatus) -> Option<&Condition> {
    status.conditions.iter().find(|condition| condition.type_ == condition::SUBMITTED)
}

fn pending(condition: &Condition) -> Option<Reason> {
    let is_submitted = condition.type_ == condition::SUBMITTED && condition.status == "True";
    [Reason::Recovered, Reason::Resubmitted]
        .into_iter()
        .find(|reason| is_submitted && reason.as_str() == condition.reason)
}

impl Plan {
    /// The same, and awake at `at` at the latest.
    fn waking_at(mut self, s: &Situation<'_>, at: Timestamp) -> Self {
        let left = Duration::try_from(at.duration_since(s.now)).unwrap_or_default();
        self.wake = Some(self.wake.map_or(left, |wake| wake.min(left)));
        self
    }
}

impl Step {
    /// The same, as long as the object must not be let go.
    fn held(&self) -> Self {
        if matches!(self, Self::Release | Self::Delete) { Self::Rest } else { self.clone() }
    }
}
