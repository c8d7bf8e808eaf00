//! stand-in
pub const SUBMITTED: &str = "Submitted"; pub const COMPLETE: &str = "Complete"; pub const FAILED: &str = "Failed";
pub const SUSPENDED: &str = "Suspended"; pub const RECONCILING: &str = "Reconciling"; pub const STALLED: &str = "Stalled";
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason { Accepted, Adopted, AlreadySubmitted, AccessDenied, DependencyFailed, DuplicateTerminated, InvalidSpec, JobFailed, JobRunning, JobSucceeded, JobVanished, Refused, Resumed, SubmissionUnknown, Suspended, Terminating, Throttled, Unconfirmed, Unreachable }
impl Reason { pub fn as_str(self) -> &'static str { match self {
 Self::Accepted => "Accepted", Self::Adopted => "Adopted", Self::AlreadySubmitted => "AlreadySubmitted", Self::AccessDenied => "AccessDenied", Self::DependencyFailed => "DependencyFailed", Self::DuplicateTerminated => "DuplicateTerminated", Self::InvalidSpec => "InvalidSpec", Self::JobFailed => "JobFailed", Self::JobRunning => "JobRunning", Self::JobSucceeded => "JobSucceeded", Self::JobVanished => "JobVanished", Self::Refused => "Refused", Self::Resumed => "Resumed", Self::SubmissionUnknown => "SubmissionUnknown", Self::Suspended => "Suspended", Self::Terminating => "Terminating", Self::Throttled => "Throttled", Self::Unconfirmed => "Unconfirmed", Self::Unreachable => "Unreachable" } } }
