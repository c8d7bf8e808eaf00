//! What this process did for an object, with the outcomes: attempts to submit, searches by name, requests to end jobs,
//! and statuses.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::api::BatchJobStatus;
use crate::job::{EndKind, Fault, FaultKind, Found, JobId};
use crate::moment::{Moment, Reading};

/// An attempt to submit that brought no job id.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// When the claim was made. The wall time equals `at` of the claim.
    pub claimed: Reading,
    /// The flag `again` of the claim. The claim itself may never have been written.
    pub again: bool,
    /// When the outcome was known.
    pub ended: Reading,
    /// How many attempts in a row were surely not accepted, this one included.
    pub tries: u32,
    pub outcome: Outcome,
}

/// The outcome of an attempt that brought no job id.
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
    /// When the search began.
    pub asked: Reading,
    pub found: Result<Found, Fault>,
    /// Since when AWS has refused every search, this one included.
    pub refused_since: Option<Moment>,
}

impl Lookup {
    /// The answer to a search that began at `asked`, after `earlier`.
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
    /// The error; `None`: AWS accepted the request.
    pub fault: Option<Fault>,
}

/// The status that this process wrote last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    pub at: Moment,
    /// Of the status as the API server stored it. The whole status would be kept for each object.
    digest: u64,
}

impl Told {
    /// The status was written at this moment, and the API server answered with `stored`.
    pub fn new(at: Moment, stored: Option<&BatchJobStatus>) -> Self {
        Self { at, digest: digest(stored) }
    }

    /// Whether the object has another status now. Another process has written it, or a person.
    pub fn is_replaced_by(&self, status: Option<&BatchJobStatus>) -> bool {
        self.digest != digest(status)
    }
}

fn digest(status: Option<&BatchJobStatus>) -> u64 {
    let mut hasher = DefaultHasher::new();
    status.and_then(|status| serde_json::to_vec(status).ok()).hash(&mut hasher);
    hasher.finish()
}
