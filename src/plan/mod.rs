//! What to do next for one object. Pure: no I/O, no clock, no environment, no log, and it cannot fail; expected trouble
//! is part of the situation.

mod adopt;
mod backoff;
mod begin;
mod bounds;
mod bypassed;
mod claim;
mod consent;
mod deadline;
mod deed;
mod depend;
mod doubt;
mod end;
mod ending;
mod follow;
mod found;
mod give_up;
mod hold;
mod identity;
mod idle;
mod indexes;
mod keeper;
mod known;
mod lengths;
mod links;
mod look;
mod lost;
mod mirror;
mod missing;
mod overdue;
mod parts;
mod patience;
mod place;
mod refusal;
mod relation;
mod release;
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

pub use bypassed::was_bypassed;
pub use claim::{Claim, Claimed, claimed};
pub use deed::{Attempt, EndAsked, Lookup, Outcome};
pub use identity::identity;
pub use keeper::tells_of_a_keeper;
pub use known::Known;
pub use missing::VANISHED;
pub use relation::{Owner, Parent, names, waits};
pub use sight::{Inspected, Inspection, Look, QueueSight, Sighting, Unread};
pub use situation::{Settings, Situation, Surroundings, Turn};
pub use step::{Note, Parts, Plan, Question, Step, Submit};
pub use unread::SILENT_FOR;

/// The order of decisions. The first one that is about the object decides; an object that none is about begins.
const DECISIONS: [fn(&Situation<'_>) -> Option<Plan>; 7] = [
    // Its end is recorded.
    ttl::plan,
    // Its job is, or may be, in another account or Region.
    target::plan,
    // It is deleted, and has a job.
    end::plan,
    // It has a job.
    track::plan,
    // It is deleted, and nothing is to be looked for.
    end::without_a_job,
    // A request for it was sent, or may have been, and its job is looked for.
    resolve::plan,
    // It is older than what this process has seen of it.
    idle::before_beginning,
];

/// What is added to each decision, in this order.
const ADDITIONS: [fn(&Situation<'_>, Plan) -> Plan; 3] = [
    // A second job that may hide is looked for, and the object is held until then.
    sweep::along,
    // The finalizer is put back before anything else is done.
    hold::along,
    // A plan that changes nothing tells nothing.
    quiet,
];

/// The plan for one object at one moment. Total, and the same for the same situation.
pub fn plan(s: &Situation<'_>) -> Plan {
    if s.is_managed_elsewhere() {
        return Plan::rest();
    }
    // Whatever is left surely has no job.
    let decided = DECISIONS.iter().find_map(|decide| decide(s)).unwrap_or_else(|| begin::plan(s));
    ADDITIONS.iter().fold(decided, |plan, add| add(s, plan))
}

fn quiet(_: &Situation<'_>, mut plan: Plan) -> Plan {
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
