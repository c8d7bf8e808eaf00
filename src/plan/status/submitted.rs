//! The condition `Submitted` of a job that AWS has. Its reason shows whether a second search is pending.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

use crate::api::BatchJobStatus;
use crate::api::condition::{self, Reason};
use crate::job::JobId;
use crate::plan::claim::Claimed;
use crate::plan::situation::Situation;
use crate::plan::status::write::NewCondition;

/// The conditions of an object whose job AWS has.
pub fn says(s: &Situation<'_>, id: &JobId) -> Vec<NewCondition> {
    let (reason, text) = confirmation(s, id);
    let mut says = vec![NewCondition::is_true(condition::SUBMITTED, reason, text)];
    if s.object.spec.suspend == Some(true) {
        says.push(NewCondition::is_false(
            condition::SUSPENDED,
            Reason::AlreadySubmitted,
            "spec.suspend holds back a submission; this job was submitted before",
        ));
    }
    says
}

/// The reason and the message of `Submitted`.
fn confirmation(s: &Situation<'_>, id: &JobId) -> (Reason, String) {
    let recorded = s.object.status.as_ref().and_then(self::condition);
    let reason = match recorded {
        Some(condition) if condition.status == "True" => pending(condition).unwrap_or(Reason::Accepted),
        _ if s.adopts() == Some(id.as_str()) => Reason::Accepted,
        _ if s.accepted.is_none() && s.recorded_job_id().is_none() => Reason::Recovered,
        _ if matches!(s.claimed(), Claimed::Yes(claim) if claim.again) => Reason::Resubmitted,
        _ => Reason::Accepted,
    };
    let text = match reason {
        Reason::Recovered => {
            format!("Found job {id} of an earlier submission; others are looked for once more")
        }
        Reason::Resubmitted => {
            format!(
                "AWS accepted the job as {id}; an earlier submission was not found and is looked for once more"
            )
        }
        _ => format!("AWS accepted the job as {id}"),
    };
    (reason, text)
}

pub fn condition(status: &BatchJobStatus) -> Option<&Condition> {
    status.conditions.iter().find(|condition| condition.type_ == condition::SUBMITTED)
}

/// Why a second search is pending; `None`: no search is pending.
pub fn pending(condition: &Condition) -> Option<Reason> {
    let is_submitted = condition.type_ == condition::SUBMITTED && condition.status == "True";
    [Reason::Recovered, Reason::Resubmitted]
        .into_iter()
        .find(|reason| is_submitted && reason.as_str() == condition.reason)
}
