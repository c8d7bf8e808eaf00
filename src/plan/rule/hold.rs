//! Puts our finalizer back. Whoever replaces an object by its manifest takes the finalizer away, and a deletion would then
//! not wait for the end of the job.

use crate::api::Phase;
use crate::plan::situation::Situation;
use crate::plan::{Because, Plan, Step};

/// Adds the finalizer before anything else is done, where the object has a job, or may have one. A status that cannot be
/// written must not keep it back: without both, nothing would tell the next process of the job.
pub fn along(s: &Situation<'_>, plan: Plan) -> Plan {
    // A claim brings the finalizer with it.
    if s.holds_finalizer() || s.is_deleting() || matches!(plan.step, Step::Submit(_)) {
        return plan;
    }
    let after = plan.status.as_ref().or(s.object.status.as_ref());
    let has_ended = after.and_then(|status| status.phase).is_some_and(Phase::is_terminal);
    let may_run = s.job_id().is_some() || s.doubt().is_some_and(|doubt| doubt.shows_a_send());
    if has_ended || !may_run {
        return plan;
    }
    Plan { follow: plan.follow, ..Plan::step(Step::AddFinalizer) }.because(Because::FinalizerMissing)
}
