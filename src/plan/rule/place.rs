//! The account and Region of a job, or of a request.

use crate::api::JobTarget;
use crate::plan::claim::Claimed;
use crate::plan::rule::doubt::Doubt;
use crate::plan::situation::Situation;

/// The target of a job that AWS shows here: that of this process. The ARN gives the account if STS did not.
pub fn of_job(s: &Situation<'_>, arn: Option<&str>) -> JobTarget {
    let by_arn = || arn.and_then(JobTarget::of_arn).and_then(|target| target.account_id);
    JobTarget { account_id: s.here.account_id.clone().or_else(by_arn), region: s.here.region.clone() }
}

/// The target of the object's job, or of its request. The claim still names the target when the status is removed.
pub fn recorded(s: &Situation<'_>) -> Option<JobTarget> {
    if s.job_id().is_some() {
        if s.recorded_job_id().is_none() {
            // The status may still tell of an earlier request.
            let arn = s.accepted.as_ref().and_then(|accepted| accepted.arn.as_deref());
            return by_claim(s).or_else(|| arn.and_then(JobTarget::of_arn)).or_else(|| of_request(s));
        }
        let status = s.object.status.as_ref();
        let arn = status.and_then(|status| status.job_arn.as_deref());
        let by_status = status.and_then(|status| status.target.clone());
        return by_status.or_else(|| arn.and_then(JobTarget::of_arn)).or_else(|| by_claim(s));
    }
    s.doubt().filter(Doubt::shows_a_send).and_then(|_| of_request(s))
}

/// The target of a request without an answer: from its claim or, if the claim was removed, from the status.
pub fn of_request(s: &Situation<'_>) -> Option<JobTarget> {
    let recorded = || s.object.status.as_ref()?.target.clone();
    by_claim(s).or_else(recorded)
}

fn by_claim(s: &Situation<'_>) -> Option<JobTarget> {
    match s.claimed() {
        Claimed::Yes(claim) => claim.target,
        Claimed::No | Claimed::Unreadable => None,
    }
}
