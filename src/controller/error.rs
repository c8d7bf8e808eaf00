//! The errors of a pass: one variant per step.

/// A pass that could not be completed. Another pass follows.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another writer has changed the object, or our version was old. Nothing was written.
    #[error("the object has changed")]
    Changed,
    /// The namespace has as many writes under way as it may. Nothing was written.
    #[error("the namespace has as many writes under way as it may")]
    Busy,
    /// The claim could not be written: nothing was sent.
    #[error("failed to write the claim")]
    WriteClaim(#[source] kube::Error),
    /// The API server accepted the claim, but the stored object lacks it.
    #[error(
        "the claim or the finalizer is missing from the stored object: an admission webhook has removed it. Exclude the operator from that webhook"
    )]
    ClaimTaken,
    #[error("failed to write status")]
    WriteStatus(#[source] kube::Error),
    #[error("failed to add the finalizer")]
    AddFinalizer(#[source] kube::Error),
    #[error("failed to remove the finalizer")]
    RemoveFinalizer(#[source] kube::Error),
    #[error("failed to delete the object")]
    Delete(#[source] kube::Error),
    /// The API server did not answer in time. The write may have been carried out.
    #[error("the API server did not answer in time, at: {0}")]
    TimedOut(&'static str),
    /// The pass panicked: a bug of the operator, triggered by this object.
    #[error("a bug of the operator stopped the pass ({0}); report it with the BatchJob's manifest")]
    Panicked(String),
}

/// HTTP codes that pass by themselves: unauthorized, not found, timeout, conflict, too many requests.
const PASSING: [u16; 5] = [401, 404, 408, 409, 429];

impl Error {
    /// The API server's message if it refuses a write for good: by the schema, a policy, a webhook or missing rights.
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
