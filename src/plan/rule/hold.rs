//! Adds our finalizer again. A replace by manifest removes the finalizer, and a deletion would then not wait for the
//! end of the job.

use crate::api::Phase;
use crate::plan::situation::Situation;
use crate::plan::{Because, Plan, Step};

/// Adds the finalizer before any other step if the object has a job, or may have one. This pass writes no status: a
/// failed status write must not delay the finalizer.
pub fn along(s: &Situation<'_>, plan: Plan) -> Plan {
    // The write of a claim adds the finalizer too.
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
