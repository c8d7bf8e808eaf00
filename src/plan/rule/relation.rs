//! What another BatchJob is to an object: one that it waits for, or one whose job it asks to adopt.

use crate::api::condition::{OBSERVED, Reason};
use crate::api::{ADOPT_ANNOTATION, BatchJob, BatchJobStatus, FIELD_MANAGER, JobTarget, Phase};
use crate::job::JobId;

/// Another BatchJob that the object waits for by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parent {
    /// There is none of that name, yet.
    Missing,
    /// AWS has no job of it yet.
    Waiting,
    /// AWS has this job of it.
    Job(JobId),
    Succeeded,
    /// Its job failed, or it is being deleted.
    Failed,
    /// It waits for the object itself, directly or through others.
    Cycle,
}

impl Parent {
    /// What `parent` is to those that wait for it; `here` is where this process works.
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
            // Its children would wait for, and be told of, somebody else's job.
            (_, Some(_)) if status.is_some_and(names_a_stranger) => Self::Waiting,
            (_, Some(id)) => Self::Job(id),
            _ => Self::Waiting,
        }
    }
}

/// What is known of the BatchJob that the tags of a job name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// There is none any more, or it has ended.
    Gone,
    /// It lives.
    Living,
    /// It would be in a namespace that this operator does not watch.
    Unseen,
}

impl Owner {
    /// What the BatchJob of the tagged name is, where the tag names this UID.
    pub fn of(object: &BatchJob, uid: &str) -> Self {
        let is_another = object.metadata.uid.as_deref() != Some(uid);
        if is_another || object.has_ended() { Self::Gone } else { Self::Living }
    }
}

/// The names of the BatchJobs that an object waits for.
pub fn names(object: &BatchJob) -> impl Iterator<Item = &str> {
    object.spec.depends_on.iter().flatten().filter_map(|dependency| dependency.name.as_deref())
}

/// Whether the object waits for those that it names. One that has a job or an end, that is being deleted, that follows
/// another's job or that is another controller's keeps nobody waiting in a cycle.
pub fn waits(object: &BatchJob) -> bool {
    let has_job = object.status.as_ref().is_some_and(|status| status.job_id.is_some());
    let adopts = object
        .metadata
        .annotations
        .as_ref()
        .is_some_and(|annotations| annotations.contains_key(ADOPT_ANNOTATION));
    let is_elsewhere = object.spec.managed_by.as_deref().is_some_and(|manager| manager != FIELD_MANAGER);
    let is_deleting = object.metadata.deletion_timestamp.is_some();
    !(has_job || object.has_ended() || is_deleting || adopts || is_elsewhere)
}

/// Whether the job that the status names was looked at, and is not proven to be the object's.
fn names_a_stranger(status: &BatchJobStatus) -> bool {
    let observed = status.conditions.iter().find(|condition| condition.type_ == OBSERVED);
    observed.is_some_and(|condition| condition.reason == Reason::NotOwned.as_str())
}
