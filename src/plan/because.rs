//! The cause of a plan, and one sentence for a person about each cause.

/// The cause of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// `spec.managedBy` names another controller.
    ManagedElsewhere,
    /// The phase is terminal.
    Ended,
    /// The job is, or may be, in another account or Region.
    OtherPlace,
    /// The object is deleted, and its job has not ended.
    Deleted,
    /// AWS has the job.
    HasJob,
    /// DescribeJobs does not return the job.
    JobMissing,
    /// Nothing proves that the job is the object's.
    NotProven,
    /// The object is deleted, and the operator waits for nothing more.
    LetGo,
    /// A job may exist that no record names.
    InDoubt,
    /// The object asks to follow a job of another owner.
    Adopts,
    /// `spec.suspend` is true.
    Suspended,
    /// BatchJobs that it depends on have no job yet.
    WaitsForDependencies,
    /// AWS did not accept the latest submission.
    NotAccepted,
    /// The object waits in the submission queue.
    WaitsForTurn,
    /// The object has its turn to submit.
    Submits,
    /// The object never gets a job.
    GivenUp,
    /// The second search is pending.
    SecondSearch,
    /// Our finalizer is missing.
    FinalizerMissing,
}

impl Because {
    /// One sentence for a person.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::ManagedElsewhere => "Another controller looks after the BatchJob: spec.managedBy names it.",
            Self::Ended => "The BatchJob has ended, and its status never changes again.",
            Self::OtherPlace => "The job is, or may be, in another account or Region than the operator.",
            Self::Deleted => "The BatchJob is deleted: its job is ended first.",
            Self::HasJob => "AWS Batch has the job, and the operator follows it.",
            Self::JobMissing => "AWS Batch does not tell of the job at present.",
            Self::NotProven => "Nothing in AWS proves that the job belongs to the BatchJob.",
            Self::LetGo => "The BatchJob is deleted, and nothing is left to wait for.",
            Self::InDoubt => "A job may exist that no record tells of: the operator searches for it first.",
            Self::Adopts => "The BatchJob asks to follow a job that exists already.",
            Self::Suspended => "The BatchJob is held back: spec.suspend is true.",
            Self::WaitsForDependencies => "The BatchJob waits for others that spec.dependsOn names.",
            Self::NotAccepted => {
                "AWS Batch did not accept the latest submission: the next one follows a pause."
            }
            Self::WaitsForTurn => "The BatchJob waits for its turn in the submission queue.",
            Self::Submits => "The turn of the BatchJob has come: the operator claims it and submits it.",
            Self::GivenUp => "The BatchJob never gets a job.",
            Self::SecondSearch => "A second job may hide: the operator searches for it once more.",
            Self::FinalizerMissing => "The finalizer is missing, and is put back before anything else.",
        }
    }
}
