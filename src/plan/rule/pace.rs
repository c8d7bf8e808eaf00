//! How soon one status follows another. AWS takes a job through several states within moments. Nobody can act on those
//! before RUNNING, and each would cost the API server a write. Nor do two processes write over each other.

use jiff::SignedDuration;

use crate::api::{BatchJobStatus, Phase};
use crate::moment::left;
use crate::plan::deed::Told;
use crate::plan::situation::Situation;
use crate::plan::{Plan, Step};

/// So long after our latest status a state before RUNNING waits for the next one. Longer than the time between two looks
/// at one job, or the wait would be over before the next state can be seen.
const TOGETHER: SignedDuration = SignedDuration::from_secs(5);

/// So long after our latest status the next one waits, where somebody else has written a status since. Two processes
/// without leader election see different things, and each would write over the other without end.
const IN_TURN: SignedDuration = SignedDuration::from_mins(1);

/// The same plan; without its status while that may wait, and awake when the wait is over. The wait counts from what this
/// process wrote last: no later change puts it off, and a process that has written nothing does not wait.
pub fn along(s: &Situation<'_>, plan: Plan) -> Plan {
    let (Some(told), Some(after)) = (s.told, &plan.status) else { return plan };
    let wait = left((told.at + pause(s, told, &plan, after)).since(s.now.moment));
    match wait {
        Some(wait) => Plan { status: None, ..plan }.waking_in(wait),
        None => plan,
    }
}

/// How long after our latest status this one waits.
fn pause(s: &Situation<'_>, told: Told, plan: &Plan, after: &BatchJobStatus) -> SignedDuration {
    let only_reads =
        matches!(plan.step, Step::Rest | Step::SearchByName(_) | Step::Look(_) | Step::ReadParts(_));
    if only_reads && !is_needed(s, after) && told.is_replaced_by(s.object.status.as_ref()) {
        return IN_TURN;
    }
    if plan.step == Step::Rest && plan.notes.is_empty() && is_along(&s.status(), after) {
        return TOGETHER;
    }
    SignedDuration::ZERO
}

/// Whether the status is the first to name the job, or the first to tell of the end. Neither waits for anything.
fn is_needed(s: &Situation<'_>, after: &BatchJobStatus) -> bool {
    let before = s.status();
    let names_another_job = after.job_id.is_some() && before.job_id != after.job_id;
    let is_end = after.phase.is_some_and(Phase::is_terminal) && before.phase != after.phase;
    names_another_job || is_end
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
