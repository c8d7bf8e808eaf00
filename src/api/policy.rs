//! Our own choices beside the request.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What happens to the job when this object is deleted. `Terminate` ends the job. `Cancel` ends a job that has not started, and waits for the end of any other. `Retain` leaves the job running. Default: the operator's `--default-deletion-policy`, which is `Terminate` if not set. Mutable, also during the deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DeletionPolicy {
    /// The job is terminated, in whatever state it is.
    Terminate,
    /// The job is cancelled if it has not started; otherwise the object waits for its end.
    Cancel,
    /// The job is left alone.
    Retain,
}

/// What happens when the answer to SubmitJob is lost. `EffectivelyOnce` searches for the job, and submits again only when AWS surely has no job. `AtMostOnce` searches for the job, and never submits again. Default: `EffectivelyOnce`. Immutable.
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
