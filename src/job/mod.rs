//! The types of AWS Batch in this program: a job, its request, and the faults of a call.

mod fault;
mod meaning;
mod name;
mod owned;
mod remote;
mod submission;
mod tags;

pub use fault::{Denial, Fault, FaultKind};
pub use meaning::{Meaning, Reach};
pub use name::job_name;
pub use owned::{Identity, Owned, Whose};
pub use remote::{ArrayCounts, Attempt, Found, JobId, JobStatus, JobSummary, Nodes, Pod, RemoteJob};
pub use submission::{Accepted, MAX_BODY_BYTES, MAX_TAGS, Submission};
pub use tags::Tags;

/// The two requests to end a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EndKind {
    /// TerminateJobs: ends the job in every state.
    Terminate,
    /// CancelJobs: ends the job only while it has not reached STARTING.
    Cancel,
}
