//! How another BatchJob relates to an object: the object waits for it, or asks to adopt its job.

use crate::api::condition::{OBSERVED, Reason};
use crate::api::{BatchJob, BatchJobStatus, FIELD_MANAGER, JobTarget, Phase};
use crate::job::JobId;

/// Another BatchJob that the object waits for by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parent {
    /// No BatchJob has that name yet.
    Missing,
    /// AWS has no job of the BatchJob yet.
    Waiting,
    /// AWS has this job of the BatchJob.
    Job(JobId),
    Succeeded,
    /// Its job failed, or it is being deleted.
    Failed,
    /// It waits for the object itself, directly or through others.
    Cycle,
}

impl Parent {
    /// The state of `parent` for the objects that wait for it; `here` is where this process works.
    pub fn of(parent: &BatchJob, here: &JobTarget) -> Self {
        let status = parent.status.as_ref();
        let job = status.and_then(|status| JobId::new(status.job_id.clone()?));
        let target = status.and_then(|status| status.target.as_ref());
        match (status.and_then(|status| status.phase), job) {
            (Some(Phase::Succeeded), _) => Self::Succeeded,
            (Some(Phase::Failed | Phase::Unknown), _) => Self::Failed,
            _ if parent.metadata.deletion_timestamp.is_some() => Self::Failed,
            // AWS knows no job of another account or Region here.
            (_, Some(_)) if target.is_some_and(|target| target.contradicts(here)) => Self::Waiting,
            // The children would wait for a job of another owner, and would show its outcome.
            (_, Some(_)) if status.is_some_and(names_a_stranger) => Self::Waiting,
            (_, Some(id)) => Self::Job(id),
            _ => Self::Waiting,
        }
    }
}

/// What is known of the BatchJob that the tags of a job name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The BatchJob does not exist any more, or has ended.
    Gone,
    /// The BatchJob exists and has not ended.
    Living,
    /// This operator does not watch the namespace of the BatchJob, or its watch fails at present.
    Unseen,
}

impl Owner {
    /// The state of the BatchJob with the tagged name, if its UID is the tagged `uid`.
    pub fn of(object: &BatchJob, uid: &str) -> Self {
        let is_another = object.metadata.uid.as_deref() != Some(uid);
        if is_another || object.has_ended() { Self::Gone } else { Self::Living }
    }
}

/// The names of the BatchJobs that an object waits for.
pub fn names(object: &BatchJob) -> impl Iterator<Item = &str> {
    object.spec.depends_on.iter().flatten().filter_map(|dependency| dependency.name.as_deref())
}

/// Whether the object waits for others, and so may be part of a cycle. It does not if it has a job, has ended, is
/// deleted, adopts a job, or belongs to another controller.
pub fn waits(object: &BatchJob) -> bool {
    let has_job = object.status.as_ref().is_some_and(|status| status.job_id.is_some());
    let adopts = object.job_to_adopt().is_some();
    let is_elsewhere = object.spec.managed_by.as_deref().is_some_and(|manager| manager != FIELD_MANAGER);
    let is_deleting = object.metadata.deletion_timestamp.is_some();
    !(has_job || object.has_ended() || is_deleting || adopts || is_elsewhere)
}

/// Whether the job that the status names was looked at, and is not proven to be the object's.
fn names_a_stranger(status: &BatchJobStatus) -> bool {
    let observed = status.conditions.iter().find(|condition| condition.type_ == OBSERVED);
    observed.is_some_and(|condition| condition.reason == Reason::NotOwned.as_str())
}
