//! The policies of the operator, beside the request.

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

/// Which jobs of other owners an object may adopt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adoption {
    /// Jobs of its own namespace whose BatchJob is removed or has ended, and jobs that a tag in AWS grants to it.
    #[default]
    Granted,
    /// No jobs.
    Never,
    /// All jobs that no living BatchJob of this cluster follows. For an account that belongs to one team.
    Any,
}
