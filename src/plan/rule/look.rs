//! The look by name: what is asked.

use jiff::{SignedDuration, Timestamp};

use crate::plan::Question;
use crate::plan::claim::Claimed;
use crate::plan::situation::Situation;

/// No clock is wrong by so much.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// Clocks disagree: a job may seem this much older than its object, or than its claim.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// Which read tells the jobs of the object. It goes back to the object's creation: a claim whose time somebody has edited
/// must not hide a job.
pub fn question(s: &Situation<'_>) -> Question {
    let status = s.object.status.as_ref();
    let created_at = s.created_at();
    let claimed_at = match s.claimed() {
        // The clock of the API server may be ahead; a claim that is a day older than its object is an edited one.
        Claimed::Yes(claim) => claim.at.max(earlier(created_at, A_DAY)),
        Claimed::No | Claimed::Unreadable => created_at,
    };
    let submitted_at = status.and_then(|status| status.submitted_at.as_ref()).map_or(created_at, |at| at.0);
    Question {
        queue: queue(s),
        // What it may have submitted has its own name.
        name: s.job_id().and_then(|_| s.known_job_name()).unwrap_or(s.job_name()),
        identity: s.identity(),
        job: s.job_id(),
        since: earlier(created_at.min(claimed_at).min(submitted_at), SKEW),
        is_urgent: true,
    }
}

/// By its ARN, which names the account too, where AWS has told one of the queue that the spec names. A status may have been
/// written by hand.
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
