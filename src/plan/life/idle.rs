//! A search by name that no decision waits for. It is made only while no other read is under way.

use jiff::SignedDuration;

use crate::moment::left;
use crate::plan::life::found;
use crate::plan::life::search::until_answered;
use crate::plan::life::{recover, submit};
use crate::plan::rule::look::question;
use crate::plan::situation::Situation;
use crate::plan::{Because, Plan, Question, Step};

/// The pause after a search that AWS refused, or whose answer may change. The rate of idle searches is bounded, so a
/// short pause costs nothing.
const LATER: SignedDuration = SignedDuration::from_mins(10);

/// The pause after a search that failed for any other reason.
const SOON: SignedDuration = SignedDuration::from_mins(1);

/// Whether an answer without a job of the object is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Final,
    /// A person may still put tags on a job.
    MayChange,
}

/// The plan for an old object that this process has just seen. A restore may have brought back a version from before
/// the submission. Such an object would wait while its job runs.
pub fn before_beginning(s: &Situation<'_>) -> Option<Plan> {
    let doubt = s.doubt().filter(|doubt| !doubt.shows_a_send())?;
    let plan = submit::plan(s);
    // The search is urgent only when the next step depends on its answer.
    if !plan.decides() {
        return Some(look(s, plan, Answer::Final));
    }
    let held = if plan.keeps_turn() { until_answered(s, &plan) } else { None };
    let instead = held.or_else(|| recover::settle_doubt(s, &doubt));
    Some(instead.map_or(plan, |instead| instead.because(Because::InDoubt)))
}

/// `waiting`, or the plan that follows from the idle search.
pub fn look(s: &Situation<'_>, waiting: Plan, answer: Answer) -> Plan {
    let Some(lookup) = &s.lookup else { return ask(s, waiting) };
    let pause = match &lookup.found {
        Ok(jobs) => match (jobs.own.split_first(), answer) {
            (Some((oldest, extras)), _) => return found::adopt(s, oldest, extras),
            (None, Answer::Final) => return waiting,
            (None, Answer::MayChange) => LATER,
        },
        Err(fault) if fault.kind.is_no() => LATER,
        Err(_) => SOON,
    };
    match left(pause - s.ago(lookup.asked.moment)) {
        Some(left) => waiting.waking_in(left),
        None => ask(s, waiting),
    }
}

fn ask(s: &Situation<'_>, waiting: Plan) -> Plan {
    Plan { step: Step::SearchByName(Question { is_urgent: false, ..question(s) }), ..waiting }
}
