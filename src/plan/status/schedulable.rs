//! Why a job stays RUNNABLE, if AWS says so. The condition `Schedulable` exists only while it is False.

use crate::api::condition::{self, Reason};
use crate::job::{JobStatus, RemoteJob};
use crate::plan::Note;
use crate::plan::situation::Situation;
use crate::plan::status::write::NewCondition;

/// What keeps a job from running, by the first words of AWS's statusReason. A job that can run has no statusReason, so
/// any other text is an obstacle too.
const OBSTACLES: [(&str, Reason); 2] =
    [("MISCONFIGURATION:", Reason::Misconfiguration), ("CAPACITY:", Reason::Capacity)];

/// The first words of AWS's statusReason when an action of the job queue cancelled the job.
const TIME_LIMIT: &str = "Canceled by JobStateTimeLimit action";

/// The condition of a job that waits.
pub fn says(job: &RemoteJob) -> Option<NewCondition> {
    let (reason, text) = obstacle(job)?;
    Some(NewCondition::is_false(condition::SCHEDULABLE, reason, text))
}

/// A warning when an obstacle is new.
pub fn notes(s: &Situation<'_>, job: &RemoteJob) -> Vec<Note> {
    let Some((reason, text)) = obstacle(job) else { return Vec::new() };
    let conditions = &s.object.status.as_ref().map(|status| status.conditions.as_slice()).unwrap_or_default();
    if conditions.iter().any(|c| c.type_ == condition::SCHEDULABLE && c.reason == reason.as_str()) {
        return Vec::new();
    }
    vec![Note::warning(reason, format!("Job {} cannot be scheduled: {text}", job.id))]
}

fn obstacle(job: &RemoteJob) -> Option<(Reason, &str)> {
    let text = job.status_reason.as_deref().filter(|_| job.status == JobStatus::Runnable)?;
    let text = Some(text.trim()).filter(|text| !text.is_empty())?;
    // Between two attempts, the statusReason may still be that of the last attempt.
    if job.last_attempt.as_ref().is_some_and(|last| last.status_reason.as_deref() == Some(text)) {
        return None;
    }
    let known = OBSTACLES.into_iter().find(|(prefix, _)| text.starts_with(prefix));
    Some((known.map_or(Reason::Undetermined, |(_, reason)| reason), text))
}

/// Whether the queue's own limit ended a job that could not run.
pub fn was_cancelled_by_its_queue(job: &RemoteJob) -> bool {
    job.status_reason.as_deref().is_some_and(|text| text.starts_with(TIME_LIMIT))
}
