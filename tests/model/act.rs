//! A plan of the operator, in the words of this model.

use super::object::Status;
use super::time::Reading;

/// A plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// The status, if it differs from the object's in more than its texts.
    pub status: Option<Status>,
    /// The step.
    pub step: Step,
}

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Nothing.
    Rest,
    /// Search for the object's jobs by name.
    SearchByName,
    /// Claim, then send.
    Submit {
        /// The claim's time.
        at: Reading,
        /// The flag `again` of the claim.
        again: bool,
    },
    /// Add our finalizer.
    AddFinalizer,
    /// Ask AWS to end jobs: one bit each.
    EndJobs(u8),
    /// Remove our finalizer.
    RemoveFinalizer,
}
