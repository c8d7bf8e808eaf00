//! The types of conditions, and every reason that a condition or an Event gives.

/// AWS has the job.
pub const SUBMITTED: &str = "Submitted";
/// The job succeeded.
pub const COMPLETE: &str = "Complete";
/// The job failed, vanished, or will never be sent.
pub const FAILED: &str = "Failed";
/// The job has ended: Complete or Failed tells how, with the same reason.
pub const FINISHED: &str = "Finished";
/// The submission is held back.
pub const SUSPENDED: &str = "Suspended";
/// False while AWS says that nothing can run the job.
pub const SCHEDULABLE: &str = "Schedulable";
/// False while AWS does not let the operator look at the job.
pub const OBSERVED: &str = "Observed";
/// kstatus: work is under way.
pub const RECONCILING: &str = "Reconciling";
/// kstatus: nothing will change by itself.
pub const STALLED: &str = "Stalled";

/// Declares [`Reason`] and its words.
macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The reason of a condition or an Event: one CamelCase word.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Reason {
            $($(#[$doc])* $name,)*
        }

        impl Reason {
            /// All reasons.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }
        }
    };
}

reasons! {
    /// AWS accepted the job.
    Accepted,
    /// AWS answered 403, or there are no credentials.
    AccessDenied,
    /// A job of an earlier submission was found.
    Adopted,
    /// The operator looks at the job to be adopted.
    Adopting,
    /// `suspend` was set after the submission.
    AlreadySubmitted,
    /// The job that `awsbatch.dev/adopt` names cannot be followed.
    CannotAdopt,
    /// The compute environment has no room for the job.
    Capacity,
    /// `activeDeadlineSeconds` has passed.
    DeadlineExceeded,
    /// A dependency failed or was deleted.
    DependencyFailed,
    /// A second job of the same object was found and ended.
    DuplicateTerminated,
    /// The spec cannot be sent.
    InvalidSpec,
    /// The status in AWS is FAILED.
    JobFailed,
    /// The job could not run, and an action of its queue (`jobStateTimeLimitActions`) has cancelled it.
    JobStateTimeLimit,
    /// The status in AWS is RUNNING.
    JobRunning,
    /// The status in AWS is SUCCEEDED.
    JobSucceeded,
    /// AWS no longer shows the job.
    JobVanished,
    /// The job, its queue or its compute environment is set up so that nothing can run it.
    Misconfiguration,
    /// The job that the status names is not proven to be the object's.
    NotOwned,
    /// The overrides are too long for Amazon ECS: AWS Batch will accept the job and fail it.
    OverridesTooLong,
    /// `queueDeadlineSeconds` has passed.
    QueueDeadlineExceeded,
    /// A search by name found the job, and the second search is pending.
    Recovered,
    /// AWS answered 400.
    Refused,
    /// A deleted object was released, and its job, if any, runs on.
    Released,
    /// The job was submitted again because no search found the first one. The second search is pending.
    Resubmitted,
    /// `suspend` was set to false.
    Resumed,
    /// The object is older than the operator's knowledge of it, so a search by name comes before the submission.
    Searching,
    /// Nobody can know any more whether a job ran.
    SubmissionUnknown,
    /// `submitDeadlineSeconds` has passed, and AWS has no job of the object.
    SubmitDeadlineExceeded,
    /// `suspend` is true.
    Suspended,
    /// The job is, or may be, in another account or Region than the operator's.
    TargetMismatch,
    /// AWS was asked to end the job.
    Terminating,
    /// AWS answered 429.
    Throttled,
    /// `ttlSecondsAfterFinished` is ignored for an object that a tool would create again.
    TtlIgnored,
    /// The answer was unclear: the operator searches for the job.
    Unconfirmed,
    /// AWS says that the job cannot run, for a reason of an unknown kind.
    Undetermined,
    /// Nothing reached AWS.
    Unreachable,
    /// Dependencies have no job id yet.
    WaitingForDependencies,
}
