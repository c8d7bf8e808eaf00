//! The latest submission that AWS surely did not accept: from memory or, after a restart, from the status; and what the
//! status records of it.

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
use crate::plan::situation::Situation;

/// A submission that was not accepted.
pub struct Refusal<'a> {
    /// How AWS did not accept it.
    pub kind: FaultKind,
    /// How many in a row there were.
    pub tries: u32,
    /// From when the pause before the next attempt counts.
    since: Moment,
    /// What AWS said, where this process was told.
    pub fault: Option<&'a Fault>,
    /// The time of the claim that it was made for, where this process wrote that claim.
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

/// An earlier process was told. The pause begins anew, and no attempt is forgotten.
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
    /// The queue that may be the reason: whether it takes jobs is to be looked at.
    pub fn queue(&self, s: &Situation<'_>) -> Option<String> {
        (self.kind == FaultKind::Refused).then(|| s.object.spec.job_queue.clone())
    }

    /// How long until SubmitJob may be tried again; `None`: now, also because the queue has been seen since to take jobs.
    pub fn pause_left(&self, s: &Situation<'_>) -> Option<Duration> {
        let queue = s.queue.filter(|_| self.kind == FaultKind::Refused);
        if queue.is_some_and(|queue| queue.takes_jobs && queue.since > self.since) {
            return None;
        }
        let takes_jobs = queue.map(|queue| queue.takes_jobs);
        let pause = backoff::pause(self.kind, self.tries, takes_jobs, &s.object.uid().unwrap_or_default());
        left(pause - s.ago(self.since))
    }

    /// How the status records it: with the claim that the submission was made for, so that this claim leaves no doubt. A
    /// record about the claim that is on the object now is worth more than one about an earlier claim.
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

/// What the status of an object that waits records. An object that waits in spite of a claim without an answer was looked
/// for and not found. A day later AWS may have forgotten the job, and the record tells what AWS showed in time.
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

/// Whether the status records that the request of the claim on the object was looked for in time and not found.
pub fn was_not_found(s: &Situation<'_>) -> bool {
    let recorded = s.object.status.as_ref().and_then(|status| status.submission.as_ref());
    match (claimed(s.object), recorded) {
        (Claimed::Yes(claim), Some(submission)) => {
            submission.outcome == SubmissionOutcome::NotFound && submission.is_about(claim.at, &claim.holder)
        }
        _ => false,
    }
}
