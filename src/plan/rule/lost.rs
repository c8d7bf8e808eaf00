//! Whether an object had a claim that was removed.

use kube::ResourceExt;

use crate::api::condition::{self, Reason};
use crate::api::{BatchJob, BatchJobStatus, FINALIZER};
use crate::plan::claim::{Claimed, bears_claim, claimed};

/// The reasons of `Submitted=False` that are written only after a claim.
const TRACES: [Reason; 4] = [Reason::Unconfirmed, Reason::Refused, Reason::AccessDenied, Reason::Throttled];

/// Whether the object had a claim that is gone or cannot be read. The operator adds claim and finalizer in one write,
/// and records an attempt only after a claim. A copied object has finalizer and claim of its original, but no status.
pub fn has_lost_its_claim(object: &BatchJob, was_seen: bool) -> bool {
    let is_held = object.finalizers().iter().any(|finalizer| finalizer == FINALIZER);
    match claimed(object) {
        Claimed::Yes(_) => false,
        Claimed::Unreadable => true,
        Claimed::No => {
            was_seen
                || (is_held && !bears_claim(object))
                || object.status.as_ref().is_some_and(tells_of_an_attempt)
        }
    }
}

fn tells_of_an_attempt(status: &BatchJobStatus) -> bool {
    let is_trace = |reason: &str| TRACES.iter().any(|trace| trace.as_str() == reason);
    status.submission.is_some()
        || status
            .conditions
            .iter()
            .any(|c| c.type_ == condition::SUBMITTED && c.status == "False" && is_trace(&c.reason))
}
