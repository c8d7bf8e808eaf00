//! A look that nothing waits for: it is made when nobody else looks.

use jiff::SignedDuration;

use crate::moment::left;
use crate::plan::life::found;
use crate::plan::life::{recover, submit};
use crate::plan::rule::look::question;
use crate::plan::situation::Situation;
use crate::plan::{Because, Plan, Question, Step};

/// After this time a look is made again, where AWS refused the last one, or its answer may change. All these looks
/// together are bounded, so that a short pause costs nothing.
const LATER: SignedDuration = SignedDuration::from_mins(10);

/// A look that failed for any other reason is made again after this time.
const SOON: SignedDuration = SignedDuration::from_mins(1);

/// Whether an answer without a job of the object settles the matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It does.
    Final,
    /// Somebody may still put tags on a job.
    MayChange,
}

/// The plan for an object that is old and was seen just now. A restore may have taken such an object back behind its
/// submission, and the object would wait in vain while its job runs.
pub fn before_beginning(s: &Situation<'_>) -> Option<Plan> {
    let doubt = s.doubt().filter(|doubt| !doubt.shows_a_send())?;
    let plan = submit::plan(s);
    // The object is looked for at once only when the look decides something.
    Some(if plan.decides() {
        recover::settle_doubt(s, &doubt).map_or(plan, |looking| looking.because(Because::InDoubt))
    } else {
        look(s, plan, Answer::Final)
    })
}

/// `waiting`, or what a look in idle time showed.
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
