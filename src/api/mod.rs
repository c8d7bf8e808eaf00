//! The resource and its CRD, and nothing else: this module shows what users write and what they read.

pub mod condition;
mod crd;
mod dependency;
mod immutable;
pub mod overrides;
mod policy;
mod request;
mod retry;
mod spec;
mod status;
mod submission;

pub use crd::{crd, crd_yaml};
pub use dependency::{ArrayJobDependency, ArrayProperties, JobDependency};
pub use policy::{Adoption, DeletionPolicy, SubmissionPolicy};
pub use request::{OWN_MEMBERS, REQUEST_MEMBERS, request_json};
pub use retry::{EvaluateOnExit, JobTimeout, RetryAction, RetryStrategy};
pub use spec::{BatchJob, BatchJobSpec};
pub use status::{ArrayStatus, BatchJobStatus, DependencyStatus, LastAttempt, Logs, Phase, PodStatus};
pub use submission::{JobTarget, SubmissionOutcome, SubmissionStatus};

/// The API group.
pub const GROUP: &str = "awsbatch.dev";
/// The API version.
pub const VERSION: &str = "v1alpha1";
/// The finalizer that holds an object until its job has ended.
pub const FINALIZER: &str = "awsbatch.dev/job";
/// The write-ahead record of a submission.
pub const CLAIM_ANNOTATION: &str = "awsbatch.dev/claim";
/// Asks to follow an existing job. An object with this annotation is never submitted.
pub const ADOPT_ANNOTATION: &str = "awsbatch.dev/adopt";
/// The tag with the object's UID, on every job.
pub const TAG_UID: &str = "awsbatch.dev/uid";
/// The tag with the id of the cluster.
pub const TAG_CLUSTER: &str = "awsbatch.dev/cluster";
/// The tag with the object's namespace.
pub const TAG_NAMESPACE: &str = "awsbatch.dev/namespace";
/// The tag with the object's name.
pub const TAG_NAME: &str = "awsbatch.dev/name";
/// The tag by which the owner of a job in AWS lets BatchJobs adopt it: `CLUSTER_ID/NAMESPACE/NAME`, or `*` for the name.
pub const TAG_ADOPTABLE_BY: &str = "awsbatch.dev/adoptable-by";
/// The operator's name in managedFields and Events.
pub const FIELD_MANAGER: &str = "aws-batch-operator";
