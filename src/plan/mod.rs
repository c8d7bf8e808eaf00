//! What to do next for one object. Pure: no I/O, no clock, no environment, no log, and it cannot fail; expected trouble
//! is part of the situation.

mod because;
mod claim;
mod deed;
mod known;
mod life;
mod rule;
mod sight;
mod situation;
mod status;
mod step;

pub use because::Because;
pub use claim::{Claim, Claimed, claimed};
pub use deed::{Attempt, EndAsked, Lookup, Outcome, Told};
pub use known::Known;
pub use life::missing::VANISHED;
pub use rule::bypassed::was_bypassed;
pub use rule::identity::identity;
pub use rule::keeper::tells_of_a_keeper;
pub use rule::relation::{Owner, Parent, names, waits};
pub use rule::unread::SILENT_FOR;
pub use sight::{Inspected, Inspection, Look, QueueSight, Sighting, Unread};
pub use situation::{Settings, Situation, Surroundings, Turn};
pub use step::{Note, Parts, Plan, Question, Step, Submit, Urgency};

use self::life::{delete, duplicates, expire, idle, recover, submit, target, track};
use self::rule::{hold, pace};
use crate::api::BatchJobStatus;

/// What a decision says of an object; `None`: it is not about the object.
type Decision = fn(&Situation<'_>) -> Option<Plan>;

/// The order of decisions, each with its cause where none closer is known. The first decision that is about the object counts.
const DECISIONS: [(Because, Decision); 7] = [
    (Because::Ended, expire::plan),
    (Because::OtherPlace, target::plan),
    (Because::Deleted, delete::plan),
    (Because::HasJob, track::plan),
    (Because::LetGo, delete::without_a_job),
    (Because::InDoubt, recover::plan),
    (Because::InDoubt, idle::before_beginning),
];

/// What is added to each decision, in this order.
const ADDITIONS: [fn(&Situation<'_>, Plan) -> Plan; 5] = [
    // A second job that may hide is looked for, and the object is held until then.
    duplicates::along,
    // The finalizer is put back before anything else is done.
    hold::along,
    // States that follow each other within moments are one write.
    pace::along,
    // A plan that changes nothing tells nothing.
    quiet,
    // The record of a job waits for no other write.
    urgent,
];

/// The plan for one object at one moment. Total, and the same for the same situation.
pub fn plan(s: &Situation<'_>) -> Plan {
    if s.is_managed_elsewhere() {
        return Plan::rest().because(Because::ManagedElsewhere);
    }
    let decided = DECISIONS.iter().find_map(|(cause, decide)| Some(decide(s)?.because(*cause)));
    // Whatever is left surely has no job.
    let decided = decided.unwrap_or_else(|| submit::plan(s));
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

/// Until the job that AWS has accepted is recorded, a restart leaves the object in doubt.
fn urgent(s: &Situation<'_>, plan: Plan) -> Plan {
    let names_a_job = |status: Option<&BatchJobStatus>| status.is_some_and(|status| status.job_id.is_some());
    let is_first_record = names_a_job(plan.status.as_ref()) && !names_a_job(s.object.status.as_ref());
    Plan { urgency: if is_first_record { Urgency::AtOnce } else { Urgency::Waits }, ..plan }
}
