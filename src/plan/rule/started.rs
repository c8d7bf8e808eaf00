//! Whether a job has ever started, and the look at a job before it is cancelled. Before its next attempt a job is
//! RUNNABLE again, and CancelJobs would end it. The present state alone therefore decides nothing.

use std::time::Duration;

use jiff::SignedDuration;

use crate::api::Phase;
use crate::job::{JobId, JobStatus, RemoteJob};
use crate::moment::left;
use crate::plan::Step;
use crate::plan::sight::{Look, Sighting};
use crate::plan::situation::Situation;

/// A look that began longer ago does not show the present state.
const FRESH: SignedDuration = SignedDuration::from_secs(10);

/// Whether the job is known to have started, in any attempt; for an array, in any child.
pub fn has_started(s: &Situation<'_>, id: &JobId) -> bool {
    let seen = match &s.sighting {
        Some(Sighting::Seen(job)) if job.id == *id => Some(job),
        _ => None,
    };
    let looked = s.look.as_ref().and_then(|look| look.found.as_ref().ok()?.as_ref());
    is_recorded(s) || [seen, looked].into_iter().flatten().any(|job| job.id == *id && begun(job))
}

/// The status keeps what an earlier process saw.
fn is_recorded(s: &Situation<'_>) -> bool {
    s.object.status.as_ref().is_some_and(|status| {
        status.phase == Some(Phase::Running)
            || status.started_at.is_some()
            || status.attempts.is_some()
            || status.job_status.as_deref() == Some(JobStatus::Starting.as_str())
    })
}

/// An attempt that ended before its container ran has started too, because AWS counts it.
fn begun(job: &RemoteJob) -> bool {
    let is_going = matches!(job.status, JobStatus::Starting | JobStatus::Running | JobStatus::Succeeded);
    is_going || job.started_at.is_some() || job.attempts > 0 || children_have_begun(job)
}

/// An array parent is PENDING to AWS while its children run. Children that fail have run, unless their end was asked for.
pub fn children_have_begun(job: &RemoteJob) -> bool {
    let is_ended = job.is_cancelled || job.is_terminated;
    let tells = |status: &JobStatus| match status {
        JobStatus::Starting | JobStatus::Running | JobStatus::Succeeded => true,
        JobStatus::Failed => !is_ended,
        JobStatus::Submitted | JobStatus::Pending | JobStatus::Runnable => false,
    };
    let states = job.array.iter().flat_map(|array| &array.summary).filter(|(_, number)| **number > 0);
    states.filter_map(|(state, _)| JobStatus::parse(state)).any(|status| tells(&status))
}

/// What is still to be done before the job may be cancelled.
pub enum Before {
    /// Look at it.
    Look(Step),
    /// Wait this long: the latest look did not show the job.
    Wait(Duration),
}

/// What comes before a cancellation; `None`: a look just now has shown the job, and that it has not started.
pub fn before_cancelling(s: &Situation<'_>, id: &JobId) -> Option<Before> {
    let fresh = |look: &&Look| look.job == *id && s.ago(look.asked.moment) < FRESH;
    match s.look.as_ref().filter(fresh) {
        None => Some(Before::Look(Step::Look(id.clone()))),
        Some(Look { found: Ok(Some(_)), .. }) => None,
        Some(look) => left(FRESH - s.ago(look.asked.moment)).map(Before::Wait),
    }
}
