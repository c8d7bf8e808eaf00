//! How a pass fails: one variant per step, with what it was doing.

/// A pass that could not be completed. Another follows.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Someone else changed the object meanwhile, or our view of it was old. Nothing was written.
    #[error("the object has changed")]
    Changed,
    /// The namespace has as many writes under way as it may. Nothing was written.
    #[error("the namespace has as many writes under way as it may")]
    Busy,
    /// The claim could not be written: nothing was sent.
    #[error("failed to write the claim")]
    WriteClaim(#[source] kube::Error),
    /// The API server took the claim, and what it stored does not bear it.
    #[error(
        "the claim or the finalizer is missing from the stored object: an admission webhook has removed it. Exclude the operator from that webhook"
    )]
    ClaimTaken,
    /// The status could not be written.
    #[error("failed to write status")]
    WriteStatus(#[source] kube::Error),
    /// The finalizer could not be added.
    #[error("failed to add the finalizer")]
    AddFinalizer(#[source] kube::Error),
    /// The finalizer could not be removed.
    #[error("failed to remove the finalizer")]
    RemoveFinalizer(#[source] kube::Error),
    /// The object could not be deleted.
    #[error("failed to delete the object")]
    Delete(#[source] kube::Error),
    /// The API server did not answer in time. The write may have been carried out.
    #[error("the API server did not answer in time, at: {0}")]
    TimedOut(&'static str),
    /// The pass panicked, at whatever step it was: a bug of the operator, brought out by this object.
    #[error("a bug of the operator stopped the pass ({0}); report it with the BatchJob's manifest")]
    Panicked(String),
}

/// Answers of the API server that pass by themselves: no right to ask, gone, a conflict, too slow, too much.
const PASSING: [u16; 5] = [401, 404, 408, 409, 429];

impl Error {
    /// What the API server said where it refuses a write for good: by the schema, a policy, a webhook or for lack of a right.
    pub fn refusal(&self) -> Option<&str> {
        let (Self::WriteClaim(source)
        | Self::WriteStatus(source)
        | Self::AddFinalizer(source)
        | Self::RemoveFinalizer(source)
        | Self::Delete(source)) = self
        else {
            return None;
        };
        match source {
            kube::Error::Api(status)
                if (400..500).contains(&status.code) && !PASSING.contains(&status.code) =>
            {
                Some(&status.message)
            }
            _ => None,
        }
    }

    /// The step that failed; a label of metrics.
    pub fn step(&self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Busy => "busy",
            Self::WriteClaim(_) | Self::ClaimTaken => "write_claim",
            Self::WriteStatus(_) => "write_status",
            Self::AddFinalizer(_) => "add_finalizer",
            Self::RemoveFinalizer(_) => "remove_finalizer",
            Self::Delete(_) => "delete",
            Self::TimedOut(_) => "timed_out",
            Self::Panicked(_) => "panicked",
        }
    }
}
