//! The latest submission that AWS certainly did not accept: from memory or, after a restart, from the status. Also the
//! record of it in the status.

use std::time::Duration;

use jiff::Timestamp;
use kube::ResourceExt;

use crate::api::{SubmissionOutcome, SubmissionStatus};
use crate::job::{Fault, FaultKind};
use crate::moment::{Moment, left};
use crate::plan::claim::{Claim, Claimed, claimed};
use crate::plan::deed::{Attempt, Outcome};
use crate::plan::rule::backoff;
use crate::plan::rule::doubt::Cause;
use crate::plan::sight::QueueSight;
use crate::plan::situation::Situation;

/// A submission that was not accepted.
pub struct Refusal<'a> {
    /// Why the submission was not accepted.
    pub kind: FaultKind,
    /// How many submissions in a row were not accepted.
    pub tries: u32,
    /// The start of the pause before the next attempt.
    since: Moment,
    /// The error, if this process received it.
    pub fault: Option<&'a Fault>,
    /// The time of the claim of this submission, if this process wrote the claim.
    claimed_at: Option<Timestamp>,
}

pub fn latest<'a>(s: &'a Situation<'_>) -> Option<Refusal<'a>> {
    match &s.attempt {
        Some(Attempt { outcome: Outcome::NotAccepted(fault), ended, tries, claimed, .. }) => Some(Refusal {
            kind: fault.kind,
            tries: *tries,
            since: ended.moment,
            fault: Some(fault),
            claimed_at: Some(claimed.wall),
        }),
        Some(Attempt { outcome: Outcome::NotClaimed(fault), ended, tries, .. }) => Some(Refusal {
            kind: fault.kind,
            tries: *tries,
            since: ended.moment,
            fault: Some(fault),
            claimed_at: None,
        }),
        Some(_) => None,
        None => recorded(s),
    }
}

/// The refusal that an earlier process recorded. The pause begins again, and the count of attempts stays.
fn recorded<'a>(s: &Situation<'_>) -> Option<Refusal<'a>> {
    let submission = s.object.status.as_ref()?.submission.as_ref()?;
    Some(Refusal {
        kind: FaultKind::recorded(submission.outcome)?,
        tries: submission.attempts,
        since: s.first_seen.moment,
        fault: None,
        claimed_at: None,
    })
}

impl Refusal<'_> {
    /// The queue that may be the reason. The tracker looks whether it takes jobs.
    pub fn queue(&self, s: &Situation<'_>) -> Option<String> {
        (self.kind == FaultKind::Refused).then(|| s.object.spec.job_queue.clone())
    }

    /// How long until SubmitJob may be tried again; `None`: now. A queue that has begun to take jobs ends the pause.
    pub fn pause_left(&self, s: &Situation<'_>) -> Option<Duration> {
        let queue = s.queue.filter(|_| self.kind == FaultKind::Refused);
        if queue.is_some_and(|queue| self.is_before_an_opening(queue)) {
            return None;
        }
        let takes_jobs = queue.map(|queue| queue.takes_jobs);
        let pause = backoff::pause(self.kind, self.tries, takes_jobs, &s.object.uid().unwrap_or_default());
        left(pause - s.ago(self.since))
    }

    /// Whether the queue began to take jobs after the refusal. A first look shows an open queue, and not since when it is
    /// open. So the first look counts only for a process that has not tried yet: AWS may refuse the job definition.
    fn is_before_an_opening(&self, queue: QueueSight) -> bool {
        let has_opened = queue.has_changed || self.fault.is_none();
        queue.takes_jobs && has_opened && queue.since > self.since
    }

    /// The record for the status. It names the claim of the submission, so that this claim is no longer in doubt. A
    /// record about the present claim comes before one about an earlier claim.
    pub fn record(&self, s: &Situation<'_>) -> Option<SubmissionStatus> {
        let recorded = s.object.status.as_ref().and_then(|status| status.submission.clone());
        let is_present = |submission: &SubmissionStatus| match claimed(s.object) {
            Claimed::Yes(claim) => submission.is_about(claim.at, &claim.holder),
            Claimed::No | Claimed::Unreadable => false,
        };
        let own = self.own(s);
        match (own, recorded) {
            (Some(own), Some(recorded)) if is_present(&recorded) && !is_present(&own) => Some(recorded),
            (own, recorded) => own.or(recorded),
        }
    }

    fn own(&self, s: &Situation<'_>) -> Option<SubmissionStatus> {
        let outcome = self.kind.meaning().outcome;
        let claimed_by = s.settings.holder.clone();
        Some(SubmissionStatus { claimed_at: self.claimed_at?, claimed_by, outcome, attempts: self.tries })
    }
}

/// The record in the status of a waiting object. If its claim has no answer, a search found no job, and the record says
/// so. A day later AWS may have deleted the job, and only the record shows the result of that search.
pub fn kept(s: &Situation<'_>) -> Option<SubmissionStatus> {
    match claimed(s.object) {
        Claimed::Yes(Claim { at, holder, .. })
            if s.doubt().is_some_and(|doubt| matches!(doubt.cause, Cause::Claim(_))) =>
        {
            let outcome = SubmissionOutcome::NotFound;
            Some(SubmissionStatus { claimed_at: at, claimed_by: holder, outcome, attempts: 0 })
        }
        _ => match latest(s) {
            Some(refusal) => refusal.record(s),
            None => s.object.status.as_ref()?.submission.clone(),
        },
    }
}

/// Whether the status records that a search in time found no job of the present claim.
pub fn was_not_found(s: &Situation<'_>) -> bool {
    let recorded = s.object.status.as_ref().and_then(|status| status.submission.as_ref());
    match (claimed(s.object), recorded) {
        (Claimed::Yes(claim), Some(submission)) => {
            submission.outcome == SubmissionOutcome::NotFound && submission.is_about(claim.at, &claim.holder)
        }
        _ => false,
    }
}
