//! Why a job stays RUNNABLE, where AWS says so: the condition `Schedulable`, which is there only while it is False.

use super::Note;
use super::settle::Say;
use super::situation::Situation;
use crate::api::condition::{self, Reason};
use crate::batch::{JobStatus, RemoteJob};

/// What keeps a job from running, by the words that AWS's statusReason begins with.
const OBSTACLES: [(&str, Reason); 2] =
    [("MISCONFIGURATION:", Reason::Misconfiguration), ("CAPACITY:", Reason::Capacity)];

/// The condition of a job that waits.
pub fn says(job: &RemoteJob) -> Option<Say> {
    let (reason, text) = obstacle(job)?;
    Some(Say::no(condition::SCHEDULABLE, reason, text))
}

/// Said when it begins.
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
    let (_, reason) = OBSTACLES.into_iter().find(|(prefix, _)| text.starts_with(prefix))?;
    Some((reason, text))
}
