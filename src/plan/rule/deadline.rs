//! The two deadlines of a job, counted from its submission. They follow from the status and from AWS's answers, so a
//! restart changes nothing.

use jiff::{SignedDuration, Timestamp};

use crate::api::condition::Reason;
use crate::job::{EndKind, JobId, RemoteJob};
use crate::plan::rule::started::has_started;
use crate::plan::situation::Situation;

/// What AWS shows as the reason when a job did not start in time.
pub const QUEUE_TEXT: &str = "queueDeadlineSeconds of the BatchJob has passed";
/// What AWS shows as the reason when a job did not end in time.
pub const ACTIVE_TEXT: &str = "activeDeadlineSeconds of the BatchJob has passed";

/// The fraction of a second that the recorded time of a submission lacks, at most.
const ROUNDING: SignedDuration = SignedDuration::from_secs(1);

/// A deadline and what it means to miss it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    pub at: Timestamp,
    /// Why the job failed, when it is missed.
    pub reason: Reason,
    /// The reason that AWS shows.
    pub text: &'static str,
    /// How the job is ended.
    pub kind: EndKind,
}

/// The deadlines that still apply. The one for the end of the job comes first, because it applies in every state.
pub fn ahead(s: &Situation<'_>, id: &JobId, job: Option<&RemoteJob>) -> impl Iterator<Item = Deadline> {
    let queue = if has_started(s, id) { None } else { queue(s, job) };
    active(s, job).into_iter().chain(queue)
}

/// The deadline that had passed when a failed job was ended on request.
pub fn missed(s: &Situation<'_>, job: &RemoteJob) -> Option<Deadline> {
    let is_ended = job.is_terminated || job.is_cancelled;
    let stopped_at = job.stopped_at.filter(|_| is_ended && !s.is_deleting())?;
    let queue = if has_started(s, &job.id) { None } else { queue(s, Some(job)) };
    let active = active(s, Some(job)).filter(|_| job.is_terminated);
    [queue, active].into_iter().flatten().find(|deadline| deadline.at <= stopped_at)
}

fn queue(s: &Situation<'_>, job: Option<&RemoteJob>) -> Option<Deadline> {
    let at = after_submission(s, job, s.object.spec.queue_deadline_seconds?)?;
    Some(Deadline { at, reason: Reason::QueueDeadlineExceeded, text: QUEUE_TEXT, kind: EndKind::Cancel })
}

fn active(s: &Situation<'_>, job: Option<&RemoteJob>) -> Option<Deadline> {
    let at = after_submission(s, job, s.object.spec.active_deadline_seconds?)?;
    Some(Deadline { at, reason: Reason::DeadlineExceeded, text: ACTIVE_TEXT, kind: EndKind::Terminate })
}

fn after_submission(s: &Situation<'_>, job: Option<&RemoteJob>, seconds: i64) -> Option<Timestamp> {
    let by_aws = job.and_then(|job| job.created_at);
    // A status holds whole seconds, rounded down. With one second more, no deadline passes too early.
    let recorded = || s.object.status.as_ref()?.submitted_at.as_ref()?.0.checked_add(ROUNDING).ok();
    by_aws.or_else(recorded)?.checked_add(SignedDuration::from_secs(seconds)).ok()
}
