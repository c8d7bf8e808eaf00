//! What this process did for an object, and what came of it: attempts to submit, looks by name, requests to end. Data alone.

use crate::job::{EndKind, Fault, FaultKind, Found, JobId};
use crate::moment::{Moment, Reading};

/// What this process did for an object, and the object does not show.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// When the claim was made; its wall time is the claim's.
    pub claimed: Reading,
    /// Whether the claim was one that may be the second: it may never have been written.
    pub again: bool,
    /// When the outcome was known.
    pub ended: Reading,
    /// How many attempts in a row were surely not accepted, this one included.
    pub tries: u32,
    /// How it ended.
    pub outcome: Outcome,
}

/// How an attempt to submit ended that brought no job id.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The claim could not be written: nothing was sent.
    NotClaimed(Fault),
    /// AWS surely has no job of this attempt.
    NotAccepted(Fault),
    /// AWS may or may not have a job of this attempt. Unless AWS has answered, the request may still be on its way.
    Unclear(Fault),
}

/// The answer to a [`Question`](crate::plan::Question).
#[derive(Clone, Debug, PartialEq)]
pub struct Lookup {
    /// When the look began.
    pub asked: Reading,
    pub found: Result<Found, Fault>,
    /// Since when AWS has refused every look, this one included.
    pub refused_since: Option<Moment>,
}

impl Lookup {
    /// The answer to a look that began at `asked`, after `earlier`.
    pub fn after(earlier: Option<&Self>, asked: Reading, found: Result<Found, Fault>) -> Self {
        let is_refused = found.as_ref().is_err_and(|fault| fault.kind == FaultKind::Refused);
        let since = || earlier.and_then(|earlier| earlier.refused_since).unwrap_or(asked.moment);
        Self { asked, found, refused_since: is_refused.then(since) }
    }
}

/// The request to end the job, when this process made one.
#[derive(Clone, Debug, PartialEq)]
pub struct EndAsked {
    pub at: Moment,
    pub kind: EndKind,
    pub ids: Vec<JobId>,
    /// What AWS answered; `None` is well.
    pub fault: Option<Fault>,
}
