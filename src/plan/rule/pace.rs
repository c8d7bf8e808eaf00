//! How soon one status follows another. AWS takes a job through several states within moments. Nobody can act on those
//! before RUNNING, and each would cost the API server a write.

use jiff::SignedDuration;

use crate::api::{BatchJobStatus, Phase};
use crate::moment::left;
use crate::plan::situation::Situation;
use crate::plan::{Plan, Step};

/// So long after our latest status a state before RUNNING waits for the next one. Longer than the time between two looks
/// at one job, or the wait would be over before the next state can be seen.
const TOGETHER: SignedDuration = SignedDuration::from_secs(5);

/// The same plan; without its status while that may wait, and awake when the wait is over. The wait counts from what this
/// process wrote last: no later change puts it off, and a process that has written nothing does not wait.
pub fn along(s: &Situation<'_>, plan: Plan) -> Plan {
    let Some(wait) = s.told_at.and_then(|told_at| left((told_at + TOGETHER).since(s.now.moment))) else {
        return plan;
    };
    let is_along = plan.status.as_ref().is_some_and(|after| is_along(&s.status(), after));
    if is_along && plan.step == Step::Rest && plan.notes.is_empty() {
        return Plan { status: None, ..plan }.waking_in(wait);
    }
    plan
}

/// Whether the status tells only how far AWS has brought a job that does not run. The members that may wait are named:
/// a condition, a reason, an attempt, the answer to a changed spec, and whatever is added later, do not.
fn is_along(before: &BatchJobStatus, after: &BatchJobStatus) -> bool {
    let further = BatchJobStatus {
        job_status: after.job_status.clone(),
        job_arn: after.job_arn.clone(),
        job_queue: after.job_queue.clone(),
        job_definition: after.job_definition.clone(),
        submitted_at: after.submitted_at.clone(),
        console_url: after.console_url.clone(),
        logs: after.logs.clone(),
        pod: after.pod.clone(),
        array: after.array.clone(),
        num_nodes: after.num_nodes,
        target: after.target.clone(),
        ..before.clone()
    };
    before.phase == Some(Phase::Submitted) && further == *after
}
