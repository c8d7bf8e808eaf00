//! The look by name: what is asked, and how long a deleted object waits for an answer.

use jiff::{SignedDuration, Timestamp};

use super::Question;
use super::claim::Claimed;
use super::situation::Situation;

/// An object that has been deleted for so long is let go, whatever AWS says.
const DELETED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Clocks disagree: a job may seem this much older than its object, or than its claim.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// Which read tells the jobs of the object.
pub fn question(s: &Situation<'_>) -> Question {
    let status = s.object.status.as_ref();
    let claim = match s.claimed() {
        Claimed::Yes(claim) => Some(claim),
        Claimed::No | Claimed::Unreadable => None,
    };
    let life = s.settings.signature_life;
    let sent = claim.as_ref().map(|claim| {
        (earlier(claim.at, SignedDuration::from_mins(1)), claim.at.saturating_add(life).unwrap_or(claim.at))
    });
    let first = match &claim {
        // No request was sent before this claim.
        Some(claim) if !claim.again && s.job_id().is_none() => claim.at,
        Some(claim) => claim.at.min(s.created_at()),
        None => s.created_at(),
    };
    Question {
        queue: status.and_then(|status| status.job_queue.clone()).unwrap_or(s.object.spec.job_queue.clone()),
        name: status.and_then(|status| status.job_name.clone()).unwrap_or(s.job_name()),
        uid: s.object.metadata.uid.clone().unwrap_or_default(),
        job: s.job_id(),
        sent,
        since: earlier(
            status.and_then(|status| status.submitted_at.as_ref()).map_or(first, |at| at.0.min(first)),
            SKEW,
        ),
    }
}

fn earlier(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}

/// Whether the object has been deleted for a day.
pub fn is_long_deleted(s: &Situation<'_>) -> bool {
    let deleted_at = s.object.metadata.deletion_timestamp.as_ref();
    deleted_at.is_some_and(|at| s.now.wall.duration_since(at.0) > DELETED_FOR)
}
