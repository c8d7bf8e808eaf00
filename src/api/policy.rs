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
