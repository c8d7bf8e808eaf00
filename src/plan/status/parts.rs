//! The parts of a job: children of an array, or nodes of a multi-node parallel job. They are read once the job has
//! ended, because one of the parts shows why.

use crate::api::ArrayStatus;
use crate::job::{JobId, JobStatus, RemoteJob};
use crate::plan::sight::Inspected;
use crate::plan::situation::Situation;
use crate::plan::status::indexes;
use crate::plan::step::Parts;

/// The longest list of failed indexes in a status, in characters.
const INDEXES_MAX: usize = 500;

/// What is still to be read of a job that has ended. Nothing is read while the object is deleted.
pub fn unread(s: &Situation<'_>, job: &RemoteJob) -> Option<Parts> {
    let is_read = s.inspection.as_ref().is_some_and(|inspection| inspection.job == job.id);
    if is_read || s.is_deleting() {
        return None;
    }
    if job.array.is_some() {
        return (job.status == JobStatus::Failed).then(|| Parts::FailedChildren(job.id.clone()));
    }
    let node = JobId::new(format!("{}#{}", job.id, job.nodes?.main))?;
    Some(Parts::MainNode { job: job.id.clone(), node })
}

/// The part that shows why the job ended, and the word for such a part.
pub fn teller<'a>(s: &'a Situation<'_>, job: &RemoteJob) -> Option<(&'static str, &'a RemoteJob)> {
    let first = inspected(s, job)?.first.as_deref()?;
    Some((if job.array.is_some() { "child" } else { "node" }, first))
}

/// The children of an array, as a status shows them.
pub fn array(s: &Situation<'_>, job: &RemoteJob) -> Option<ArrayStatus> {
    let array = job.array.as_ref()?;
    let failed = inspected(s, job).map(|inspected| inspected.failed.as_slice()).unwrap_or_default();
    Some(ArrayStatus {
        size: Some(array.size),
        status_summary: Some(array.summary.clone()),
        failed_indexes: (!failed.is_empty()).then(|| indexes::compressed(failed, INDEXES_MAX)),
    })
}

fn inspected<'a>(s: &'a Situation<'_>, job: &RemoteJob) -> Option<&'a Inspected> {
    // AWS may show a stale state once more, in which the job still runs.
    let has_ended = job.status.is_terminal();
    let inspection = s.inspection.as_ref().filter(|inspection| has_ended && inspection.job == job.id)?;
    inspection.found.as_ref().ok()
}
