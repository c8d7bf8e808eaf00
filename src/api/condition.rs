//! The types of conditions, and every reason that a condition or an Event gives.

/// AWS has the job.
pub const SUBMITTED: &str = "Submitted";
/// The job succeeded.
pub const COMPLETE: &str = "Complete";
/// The job failed, vanished, or will never be sent.
pub const FAILED: &str = "Failed";
/// The end, whatever it is: Complete or Failed tells which, and gives the same reason.
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

/// Declares [`Reason`] with its words.
macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Why a condition is as it is: one CamelCase word.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Reason {
            $($(#[$doc])* $name,)*
        }

        impl Reason {
            /// Every reason there is.
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
    /// AWS took the job.
    Accepted,
    /// AWS said 403, or there are no credentials.
    AccessDenied,
    /// A job of an earlier submission was found.
    Adopted,
    /// The job to be adopted is looked at.
    Adopting,
    /// `suspend` came after the submission.
    AlreadySubmitted,
    /// The job that `awsbatch.dev/adopt` names cannot be followed.
    CannotAdopt,
    /// The compute environment has no room for the job.
    Capacity,
    /// `activeDeadlineSeconds` has passed.
    DeadlineExceeded,
    /// A job that this one waits for failed or is gone.
    DependencyFailed,
    /// A second job of the same object was found and ended.
    DuplicateTerminated,
    /// The spec cannot be sent.
    InvalidSpec,
    /// AWS says FAILED.
    JobFailed,
    /// The job could not run, and an action of its queue (`jobStateTimeLimitActions`) has cancelled it.
    JobStateTimeLimit,
    /// AWS says RUNNING.
    JobRunning,
    /// AWS says SUCCEEDED.
    JobSucceeded,
    /// AWS no longer tells of the job.
    JobVanished,
    /// The job, its queue or its compute environment is set up so that nothing can run it.
    Misconfiguration,
    /// The job that the status names is not proven to be the object's.
    NotOwned,
    /// The overrides are longer than Amazon ECS takes: AWS will take the job and fail it.
    OverridesTooLong,
    /// `queueDeadlineSeconds` has passed.
    QueueDeadlineExceeded,
    /// A job was found by its name; others are looked for once more, later.
    Recovered,
    /// AWS said 400.
    Refused,
    /// A deleted object was let go whose job, if there is one, goes on.
    Released,
    /// Sent a second time, as the first was not found; that one is looked for once more, later.
    Resubmitted,
    /// `suspend` was lifted.
    Resumed,
    /// An object that is older than the operator's knowledge of it is looked up before it is submitted.
    Searching,
    /// Whether a job ran cannot be known any more.
    SubmissionUnknown,
    /// `submitDeadlineSeconds` has passed, and AWS has no job of the object.
    SubmitDeadlineExceeded,
    /// `suspend` is true.
    Suspended,
    /// The job is, or may be, in another account or Region than the operator's.
    TargetMismatch,
    /// AWS was asked to end the job.
    Terminating,
    /// AWS said 429.
    Throttled,
    /// `ttlSecondsAfterFinished` does not apply to an object that is kept in Git.
    TtlIgnored,
    /// The answer was unclear: the job is looked for.
    Unconfirmed,
    /// AWS says that the job cannot run, in words of no known kind.
    Undetermined,
    /// Nothing reached AWS.
    Unreachable,
    /// The jobs that this one waits for have no job id yet.
    WaitingForDependencies,
}
