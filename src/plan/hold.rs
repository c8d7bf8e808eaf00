//! Puts our finalizer back. Whoever replaces an object by its manifest takes the finalizer away, and a deletion would then
//! not wait for the end of the job.

use super::situation::Situation;
use super::{Plan, Step};
use crate::api::Phase;

/// Adds the finalizer to a plan that would only wait, where the object has a job, or may have one.
pub fn along(s: &Situation<'_>, plan: Plan) -> Plan {
    if s.holds_finalizer() || s.is_deleting() || plan.step != Step::Rest {
        return plan;
    }
    let after = plan.status.as_ref().or(s.object.status.as_ref());
    let has_ended = after.and_then(|status| status.phase).is_some_and(Phase::is_terminal);
    let may_run = s.job_id().is_some() || s.doubt().is_some_and(|doubt| doubt.shows_a_send());
    if has_ended || !may_run {
        return plan;
    }
    Plan { step: Step::Hold, ..plan }
}
