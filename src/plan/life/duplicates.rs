//! The second search, for another job of the same object: after a second send, and after a job was found by its name.
//! The status records a pending search, so it survives restarts. The finalizer stays until the search is done.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use kube::ResourceExt;

use crate::api::condition::{self, Reason};
use crate::api::{BatchJobStatus, DeletionPolicy};
use crate::job::{Fault, JobId, Owned, RemoteJob};
use crate::moment::left;
use crate::plan::deed::Lookup;
use crate::plan::life::found::{end_extras, unended};
use crate::plan::life::release;
use crate::plan::rule::look::question;
use crate::plan::rule::patience::{is_long_deleted, is_queue_gone};
use crate::plan::situation::Situation;
use crate::plan::status::submitted::{condition as submitted, pending};
use crate::plan::status::write::{self, NewCondition};
use crate::plan::{Because, Claimed, Note, Plan, Step};

/// Visibility windows between the last moment at which a request can reach AWS and the second search. A job that stays
/// hidden for up to five windows is still found.
const WINDOWS: i32 = 5;

/// The pause after a failed search.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// A search that has failed for this time is given up.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Adds the second search to a plan. The finalizer stays until the search is done.
pub fn along(s: &Situation<'_>, plan: Plan) -> Plan {
    let after = plan.status.as_ref().or(s.object.status.as_ref());
    let Some(due) = after.and_then(|status| due(s, status)) else { return plan };
    if s.is_deleting() && s.deletion_policy() == DeletionPolicy::Retain {
        return plan;
    }
    let held = Plan { step: plan.step.held(), ..plan.clone() };
    let cause = if held.step == plan.step { plan.cause } else { Some(Because::SecondSearch) };
    let held = Plan { cause, ..held };
    if held.step != Step::Rest {
        return held;
    }
    if s.now.wall < due {
        return held.waking_at(s, due);
    }
    match s.lookup.as_ref().filter(|lookup| lookup.asked.wall >= due) {
        None => Plan { step: Step::SearchByName(question(s)), cause: Some(Because::SecondSearch), ..held },
        Some(lookup) => match &lookup.found {
            Err(fault) if is_hopeless(s, due, lookup) => without_a_look(s, plan, fault),
            Err(fault) => again(s, held, lookup, fault),
            Ok(found) => {
                let own = after.and_then(|status| JobId::new(status.job_id.as_deref()?));
                let extras = unended(s, extras(s, &found.own, own.as_ref()));
                if extras.is_empty() { done(s, plan) } else { end(s, held, extras) }
            }
        },
    }
}

/// The other jobs of the object. None if the job in the status is not proven: a person may have written its id.
fn extras<'a>(
    s: &Situation<'_>,
    found: &'a [RemoteJob],
    own: Option<&JobId>,
) -> impl Iterator<Item = &'a RemoteJob> {
    let is_own = move |job: &&RemoteJob| Some(&job.id) == own;
    let is_proven = found.iter().any(|job| is_own(&job)) || own.is_some_and(|id| s.owned(id).is_some());
    found.iter().filter(move |job| is_proven && !is_own(job))
}

/// Whether to give up: the queue is gone, the search has failed for a day, or the object was deleted a day ago.
fn is_hopeless(s: &Situation<'_>, due: Timestamp, lookup: &Lookup) -> bool {
    is_queue_gone(lookup) || lookup.asked.wall.duration_since(due) >= TRIED_FOR || is_long_deleted(s)
}

/// Searches again after a pause. The status of a deleted object says why it still exists.
fn again(s: &Situation<'_>, mut held: Plan, lookup: &Lookup, fault: &Fault) -> Plan {
    let Some(left) = left(AGAIN - s.ago(lookup.asked.moment)) else {
        return Plan { step: Step::SearchByName(question(s)), ..held };
    };
    if s.is_deleting() {
        let way_out = release::retain_command(&s.object.name_any());
        let text = format!(
            "A second job of the object is looked for. To delete it at once: {way_out}. AWS said: {fault}"
        );
        let say = NewCondition::is_true(condition::RECONCILING, Reason::Unconfirmed, text);
        held.status = write::also(s, held.status, &say);
    }
    held.waking_in(left)
}

/// Ends the second search without an answer, and warns of it.
fn without_a_look(s: &Situation<'_>, plan: Plan, fault: &Fault) -> Plan {
    let queue = &s.object.spec.job_queue;
    let text = format!(
        "Whether queue {queue} has a second job of the object could not be seen: {fault}. If there is one, called {}, it goes on",
        s.job_name()
    );
    let mut plan = done(s, plan);
    plan.notes.push(Note::warning(Reason::Released, text));
    plan
}

/// Terminates the other jobs, and keeps the status that the plan writes.
fn end(s: &Situation<'_>, held: Plan, extras: Vec<Owned>) -> Plan {
    let ending = end_extras(s, extras);
    let notes = [held.notes, ending.notes].concat();
    Plan { step: ending.step, wake: ending.wake.or(held.wake), notes, ..held }
}

/// Records that the second search is done.
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

/// When the second search is due; `None`: no search is pending. It counts from the record or, if later, from the last
/// moment at which the claim's request can reach AWS. The process that made the claim may still be about to send.
fn due(s: &Situation<'_>, status: &BatchJobStatus) -> Option<Timestamp> {
    let condition = submitted(status).filter(|condition| pending(condition).is_some())?;
    let recorded = condition.last_transition_time.0;
    // The claim is written before the record, so a later claim time was edited.
    let claimed = match s.claimed() {
        Claimed::Yes(claim) => claim.at.min(recorded),
        Claimed::No | Claimed::Unreadable => recorded,
    };
    let sent = claimed.checked_add(s.settings.signature_life).ok()?;
    recorded.max(sent).checked_add(s.settings.visibility_window * WINDOWS).ok()
}

impl Plan {
    /// Wakes the object at `at` at the latest.
    fn waking_at(self, s: &Situation<'_>, at: Timestamp) -> Self {
        self.waking_in(Duration::try_from(at.duration_since(s.now.wall)).unwrap_or_default())
    }
}

impl Step {
    /// Replaces a step that would release or delete the object with `Rest`.
    fn held(&self) -> Self {
        if matches!(self, Self::RemoveFinalizer | Self::Delete) { Self::Rest } else { self.clone() }
    }
}
