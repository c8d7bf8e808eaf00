//! The question of a search by name.

use jiff::{SignedDuration, Timestamp};

use crate::plan::Question;
use crate::plan::claim::Claimed;
use crate::plan::situation::Situation;

/// No clock is wrong by so much.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// Clocks disagree: a job may seem this much older than its object, or than its claim.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// The search for the jobs of the object. It goes back to the object's creation, so that an edited claim time cannot
/// hide a job.
pub fn question(s: &Situation<'_>) -> Question {
    let status = s.object.status.as_ref();
    let created_at = s.created_at();
    let claimed_at = match s.claimed() {
        // The clock of the API server may be ahead. A claim that is a day older than its object was edited.
        Claimed::Yes(claim) => claim.at.max(earlier(created_at, A_DAY)),
        Claimed::No | Claimed::Unreadable => created_at,
    };
    let submitted_at = status.and_then(|status| status.submitted_at.as_ref()).map_or(created_at, |at| at.0);
    Question {
        queue: queue(s),
        // A job that the object may have submitted has the object's job name.
        name: s.job_name(),
        identity: s.identity(),
        job: s.job_id(),
        since: earlier(created_at.min(claimed_at).min(submitted_at), SKEW),
        is_urgent: true,
    }
}

/// The ARN in the status, which names the account too, if it is of the spec's queue. People may write other values
/// there.
fn queue(s: &Situation<'_>) -> String {
    let wanted = &s.object.spec.job_queue;
    let told = s.object.status.as_ref().and_then(|status| status.job_queue.as_ref());
    told.filter(|told| queue_name(told) == queue_name(wanted)).unwrap_or(wanted).clone()
}

/// The name at the end of an ARN, or the name.
pub fn queue_name(name_or_arn: &str) -> &str {
    name_or_arn.rsplit('/').next().unwrap_or_default()
}

fn earlier(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}
