//! The end of an object: its job is ended first, the finalizer goes when nothing is left to do.

use std::time::Duration;

use jiff::SignedDuration;

use super::situation::{EndAsked, Sighting, Situation};
use super::{Note, Plan, Step, backoff, track};
use crate::api::DeletionPolicy;
use crate::api::condition::Reason;
use crate::batch::{EndKind, JobId};

/// What AWS shows as the reason of the end.
const DELETED: &str = "the BatchJob was deleted";

/// A request to end that has had no effect for so long is made again.
const ASK_AGAIN: SignedDuration = SignedDuration::from_secs(60);

impl Situation<'_> {
    /// Whether a deletion leaves the job alone.
    pub fn retains(&self) -> bool {
        self.deletion_policy() == DeletionPolicy::Retain
    }
}

/// The plan for a deleted object whose job has not been seen to end.
pub fn plan(s: &Situation<'_>, id: &JobId) -> Plan {
    if s.retains() {
        return release(s);
    }
    let plan = track::plan(s, id);
    if plan.step != Step::Rest {
        return plan;
    }
    let kind = match s.deletion_policy() {
        DeletionPolicy::Cancel => EndKind::Cancel,
        DeletionPolicy::Terminate | DeletionPolicy::Retain => EndKind::Terminate,
    };
    ask(s, plan, id, (kind, DELETED))
}

/// Asks AWS to end the job, unless it was asked already and has not had the time.
pub fn ask(s: &Situation<'_>, mut plan: Plan, id: &JobId, (kind, reason): (EndKind, &'static str)) -> Plan {
    if let Some(asked) = s.end_asked_of(id) {
        if let Some(wait) = pause_left(s, asked) {
            plan.wake = Some(plan.wake.map_or(wait, |wake| wake.min(wait)));
            return plan;
        }
        if matches!(&s.sighting, Some(Sighting::Seen(job)) if job.is_terminated) {
            return plan;
        }
    }
    plan.step = Step::End { kind, ids: vec![id.clone()], reason };
    plan.notes.push(Note::normal(Reason::Terminating, format!("Asked AWS to end job {id}: {reason}")));
    plan
}

/// The plan for a deleted object that surely has no job.
pub fn never_submitted(s: &Situation<'_>) -> Plan {
    release(s)
}

/// Removes our finalizer, if it is there.
pub fn release(s: &Situation<'_>) -> Plan {
    Plan::step(if s.holds_finalizer() { Step::Release } else { Step::Rest })
}

/// How long until a request to end may be made again; `None`: now.
pub fn pause_left(s: &Situation<'_>, asked: &EndAsked) -> Option<Duration> {
    let pause = match &asked.fault {
        None => ASK_AGAIN,
        Some(fault) => backoff::pause(fault.kind, 1, &s.object.metadata.uid.clone().unwrap_or_default()),
    };
    let left = (asked.at + pause).duration_since(s.now);
    Duration::try_from(left).ok().filter(|left| !left.is_zero())
}
