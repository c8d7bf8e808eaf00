//! Our own choices beside the request.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What becomes of the job when the object is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DeletionPolicy {
    /// The job is terminated, in whatever state it is.
    Terminate,
    /// The job is cancelled if it has not started; otherwise the object waits for its end.
    Cancel,
    /// The job is left alone.
    Retain,
}

/// What follows an unclear answer to SubmitJob.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SubmissionPolicy {
    /// The job is looked for, and sent again when it surely does not exist.
    EffectivelyOnce,
    /// The job is looked for, and never sent again.
    AtMostOnce,
}

/// Which jobs an object may adopt that are not its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adoption {
    /// Those of its own namespace whose BatchJob is gone or has ended, and those that a tag in AWS grants it.
    #[default]
    Granted,
    /// None.
    Never,
    /// All that no living BatchJob of this cluster follows. For an account that one team has for itself.
    Any,
}
