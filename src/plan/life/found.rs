//! Jobs of an object that a search by name found: the oldest is followed, and the others are ended.

use crate::api::condition::Reason;
use crate::job::{EndKind, JobId, Owned, RemoteJob};
use crate::plan::life::{follow, terminate};
use crate::plan::situation::Situation;
use crate::plan::{Because, Note, Plan, Step};

/// What AWS shows as the reason when a second job of an object is ended.
pub const EXTRA: &str = "another job of the same BatchJob was submitted first";

/// Ends the extras first: while the status names no job, the object stays in doubt and the search is repeated.
pub fn adopt(s: &Situation<'_>, oldest: &RemoteJob, extras: &[RemoteJob]) -> Plan {
    let unended = unended(s, extras.iter());
    if !unended.is_empty() {
        return end_extras(s, unended);
    }
    let mut plan = follow::seen(s, oldest).because(Because::HasJob);
    plan.notes.push(Note::normal(
        Reason::Adopted,
        format!("Found job {} of an earlier submission; following it", oldest.id),
    ));
    plan
}

/// The jobs that have not ended. Empty if AWS has accepted a request to end all of them.
pub fn unended<'a>(s: &Situation<'_>, jobs: impl Iterator<Item = &'a RemoteJob>) -> Vec<Owned> {
    let identity = s.identity();
    let alive = jobs.filter(|job| !job.status.is_terminal() && !job.is_terminated);
    let alive: Vec<_> = alive.filter_map(|job| Owned::tagged(job, &identity)).collect();
    let was_taken = |job: &Owned| s.end_asked_of(job.id()).is_some_and(|asked| asked.fault.is_none());
    if alive.iter().all(was_taken) { Vec::new() } else { alive }
}

/// Asks AWS to end these jobs. After a failed request the next one waits for a pause.
pub fn end_extras(s: &Situation<'_>, ids: Vec<Owned>) -> Plan {
    let is_about = |asked: &[JobId]| asked.iter().eq(ids.iter().map(Owned::id));
    let failed = s.end_asked.as_ref().filter(|asked| asked.fault.is_some() && is_about(&asked.ids));
    if let Some(wait) = failed.and_then(|asked| terminate::pause_left(s, asked)) {
        return Plan { wake: Some(wait), ..Plan::rest() };
    }
    let text = format!("Found {} more job(s) of this BatchJob; terminating them", ids.len());
    Plan {
        step: Step::EndJobs { kind: EndKind::Terminate, ids, reason: EXTRA },
        notes: vec![Note::warning(Reason::DuplicateTerminated, text)],
        ..Plan::rest()
    }
}
