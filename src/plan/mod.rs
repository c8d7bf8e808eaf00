//! What to do next for one object. Pure: no I/O, no clock, no environment, no log, and it cannot fail; expected trouble
//! is part of the situation.

mod adopt;
mod backoff;
mod begin;
mod bounds;
mod claim;
mod deadline;
mod depend;
mod doubt;
mod end;
mod ending;
mod hold;
mod idle;
mod indexes;
mod lengths;
mod links;
mod look;
mod missing;
mod overdue;
mod parts;
mod refusal;
mod resolve;
mod schedule;
mod search;
mod settle;
mod sight;
mod situation;
mod started;
mod step;
mod stranger;
mod submitted;
mod sweep;
mod target;
mod track;
mod ttl;
mod unread;
mod whose;

use self::idle::Answer;
use crate::api::DeletionPolicy;

pub use claim::{Claim, Claimed, claimed};
pub use doubt::has_lost_its_claim;
pub use missing::VANISHED;
pub use parts::Parts;
pub use sight::{Inspected, Inspection, Look, QueueSight, Sighting, Unread};
pub use situation::{Attempt, EndAsked, Lookup, Outcome, Owner, Parent, Settings, Situation, Turn};
pub use step::{Note, Plan, Question, Step, Submit};
pub use ttl::tells_of_a_keeper;
pub use unread::SILENT_FOR;
pub use whose::identity;

/// The plan for one object at one moment. Total, and the same for the same situation.
pub fn plan(s: &Situation<'_>) -> Plan {
    if s.is_managed_elsewhere() {
        return Plan::rest();
    }
    let mut plan = hold::along(s, sweep::along(s, choose(s)));
    let is_news = plan.status.is_some()
        || !matches!(
            plan.step,
            Step::Rest | Step::Ask(_) | Step::Look(_) | Step::Inspect(_) | Step::TakeTurn | Step::Hold
        );
    if !is_news {
        plan.notes.clear();
    }
    plan
}

fn choose(s: &Situation<'_>) -> Plan {
    if s.is_finished() {
        return ttl::plan(s);
    }
    if let Some(plan) = target::plan(s) {
        return plan;
    }
    if let Some(id) = s.job_id() {
        return if s.is_deleting() { end::plan(s, &id) } else { track::plan(s, &id) };
    }
    match s.doubt() {
        Some(_) if s.is_deleting() && s.deletion_policy() == DeletionPolicy::Retain => {
            ending::let_go(s, "It may have a job, which is left alone: deletionPolicy is Retain")
        }
        Some(doubt) if s.is_deleting() || doubt.shows_a_send() => {
            resolve::plan(s, &doubt).unwrap_or_else(|| begin::plan(s))
        }
        // One that is merely old is looked for at once only when the look decides something.
        Some(doubt) => match begin::plan(s) {
            plan if plan.decides() => resolve::plan(s, &doubt).unwrap_or(plan),
            // A restore may have taken an object back behind its submission: it waits in vain while its job runs.
            plan => idle::look(s, plan, Answer::Final),
        },
        None if s.is_deleting() => ending::let_go(s, "It was deleted before AWS had a job of it"),
        None => begin::plan(s),
    }
}
