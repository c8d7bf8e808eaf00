//! Objects that were taken away in spite of our finalizer. An API server that checks a deletion just before the finalizer
//! is added takes the object away just after (kubernetes/kubernetes#77988), and whoever writes to its database can do the
//! same.

use crate::api::{BatchJob, FINALIZER};
use crate::plan::{Plan, Step};

/// Whether the deletion of an object, as the watch showed it last, did not wait for our finalizer though the object had a job
/// or may have one. `may_have_a_job`: whether this process knows of one. An object that was let go is shown with finalizer
/// and `deletionTimestamp`.
pub fn was_bypassed(gone: &BatchJob, may_have_a_job: bool) -> bool {
    let has_waited = gone.metadata.deletion_timestamp.is_some();
    let is_held = gone.metadata.finalizers.iter().flatten().any(|finalizer| finalizer == FINALIZER);
    let names_a_job = gone.status.as_ref().is_some_and(|status| status.job_id.is_some());
    // Somebody who replaces an object by its manifest takes the finalizer away, and may delete before it is back.
    let may_run = !gone.has_ended() && (names_a_job || may_have_a_job);
    !has_waited && (is_held || may_run)
}

impl Plan {
    /// Whether nothing is left to do for an object that is gone.
    pub fn lets_go(&self) -> bool {
        let is_waiting = self.follow.is_some() || self.wake.is_some() || self.status.is_some();
        self.step == Step::RemoveFinalizer || (self.step == Step::Rest && !is_waiting)
    }
}
