//! What to do next for one object. Pure: no I/O, no clock, no environment, no log, and it cannot fail; expected trouble
//! is part of the situation.

mod claim;
mod deed;
mod known;
mod life;
mod rule;
mod sight;
mod situation;
mod status;
mod step;

pub use claim::{Claim, Claimed, claimed};
pub use deed::{Attempt, EndAsked, Lookup, Outcome};
pub use known::Known;
pub use life::missing::VANISHED;
pub use rule::bypassed::was_bypassed;
pub use rule::identity::identity;
pub use rule::keeper::tells_of_a_keeper;
pub use rule::relation::{Owner, Parent, names, waits};
pub use rule::unread::SILENT_FOR;
pub use sight::{Inspected, Inspection, Look, QueueSight, Sighting, Unread};
pub use situation::{Settings, Situation, Surroundings, Turn};
pub use step::{Note, Parts, Plan, Question, Step, Submit};

use self::life::{delete, duplicates, expire, idle, recover, submit, target, track};
use self::rule::hold;

/// The order of decisions. The first one that is about the object decides; an object that none is about begins.
const DECISIONS: [fn(&Situation<'_>) -> Option<Plan>; 7] = [
    // Its end is recorded.
    expire::plan,
    // Its job is, or may be, in another account or Region.
    target::plan,
    // It is deleted, and has a job.
    delete::plan,
    // It has a job.
    track::plan,
    // It is deleted, and nothing is to be looked for.
    delete::without_a_job,
    // A request for it was sent, or may have been, and its job is looked for.
    recover::plan,
    // It is older than what this process has seen of it.
    idle::before_beginning,
];

/// What is added to each decision, in this order.
const ADDITIONS: [fn(&Situation<'_>, Plan) -> Plan; 3] = [
    // A second job that may hide is looked for, and the object is held until then.
    duplicates::along,
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
    let decided = DECISIONS.iter().find_map(|decide| decide(s)).unwrap_or_else(|| submit::plan(s));
    ADDITIONS.iter().fold(decided, |plan, add| add(s, plan))
}

fn quiet(_: &Situation<'_>, mut plan: Plan) -> Plan {
    let is_news = plan.status.is_some()
        || !matches!(
            plan.step,
            Step::Rest
                | Step::SearchByName(_)
                | Step::Look(_)
                | Step::ReadParts(_)
                | Step::TakeTurn
                | Step::AddFinalizer
        );
    if !is_news {
        plan.notes.clear();
    }
    plan
}
