//! In which account and Region a job is: where AWS told of it, or where its request went.

use crate::api::JobTarget;
use crate::plan::claim::Claimed;
use crate::plan::rule::doubt::Doubt;
use crate::plan::situation::Situation;

/// Where a job is that AWS has told of here: where this process works. The ARN tells the account where STS did not.
pub fn of_job(s: &Situation<'_>, arn: Option<&str>) -> JobTarget {
    let by_arn = || arn.and_then(JobTarget::of_arn).and_then(|target| target.account_id);
    JobTarget { account_id: s.here.account_id.clone().or_else(by_arn), region: s.here.region.clone() }
}

/// Where the object's job is, or where its request went. A status that somebody took away does not take the place away.
pub fn recorded(s: &Situation<'_>) -> Option<JobTarget> {
    if s.job_id().is_some() {
        let status = s.object.status.as_ref();
        let arn = status.and_then(|status| status.job_arn.as_deref());
        let by_status = status.and_then(|status| status.target.clone());
        return by_status.or_else(|| arn.and_then(JobTarget::of_arn)).or_else(|| by_claim(s));
    }
    s.doubt().filter(Doubt::shows_a_send).and_then(|_| of_request(s))
}

/// Where a request went whose answer is not known, by its claim. The status tells where a claim was taken away.
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
