//! Bypassed finalizers. An API server may check a deletion just before our finalizer is added, and remove the object
//! just after (kubernetes/kubernetes#77988). A write to its database can do so too.

use crate::api::{BatchJob, FINALIZER};
use crate::plan::{Plan, Step};

/// Whether the API server removed the object without waiting for our finalizer. `gone` is the object in its last watch
/// event. An object that we released has finalizer and `deletionTimestamp` there. `may_have_a_job`: whether this
/// process knows of a job.
pub fn was_bypassed(gone: &BatchJob, may_have_a_job: bool) -> bool {
    let has_waited = gone.metadata.deletion_timestamp.is_some();
    let is_held = gone.metadata.finalizers.iter().flatten().any(|finalizer| finalizer == FINALIZER);
    let names_a_job = gone.status.as_ref().is_some_and(|status| status.job_id.is_some());
    // A replace by manifest removes the finalizer, and a deletion may come before the operator adds it again.
    let may_run = !gone.has_ended() && (names_a_job || may_have_a_job);
    !has_waited && (is_held || may_run)
}

impl Plan {
    /// Whether nothing is left to do for a removed object.
    pub fn lets_go(&self) -> bool {
        let is_waiting = self.follow.is_some() || self.wake.is_some() || self.status.is_some();
        self.step == Step::RemoveFinalizer || (self.step == Step::Rest && !is_waiting)
    }
}
