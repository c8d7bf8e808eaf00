//! The contents of a plan. A step is complete: the executor decides nothing.

use std::time::Duration;

use jiff::Timestamp;

use crate::api::condition::Reason;
use crate::api::{BatchJob, BatchJobStatus, Phase};
use crate::job::{EndKind, Identity, JobId, Owned, Submission};
use crate::moment::Moment;
use crate::plan::because::Because;
use crate::plan::claim::Claim;
use crate::text::one_line;

/// Longest text of a note, in characters. A note may quote an annotation of any length.
const NOTE_MAX: usize = 1000;

/// What to do now for one object: first the status, then the step.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The one step of this pass.
    pub step: Step,
    /// The whole status, when it differs from the object's.
    pub status: Option<BatchJobStatus>,
    /// Whether the write of the status waits for other writes.
    pub urgency: Urgency,
    /// Log lines and Events. Those of a `Submit` are published before the step. The others follow the status, or the
    /// step if there is no status.
    pub notes: Vec<Note>,
    /// The job that the tracker follows from now on; `None`: no job.
    pub follow: Option<JobId>,
    /// The job queue that the object waits for, if any.
    pub queue: Option<String>,
    /// The time until the next pass, if nothing wakes the object before.
    pub wake: Option<Duration>,
    /// Every finished plan has a cause.
    pub cause: Option<Because>,
}

/// Whether a write waits for a place among the writes of its namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// The write is made at once. It counts as one of the writes of the namespace.
    AtOnce,
    /// The write waits until the namespace has fewer writes under way.
    Waits,
    /// The write waits until no other write of the namespace waits.
    Yields,
}

impl Urgency {
    /// Of the removal of the finalizer. Somebody may wait for a deletion, and nobody waits for a finished object to lose
    /// its finalizer.
    pub fn of_release(object: &BatchJob) -> Self {
        if object.metadata.deletion_timestamp.is_some() { Self::Waits } else { Self::Yields }
    }
}

/// The one thing that a pass does.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Rest,
    /// Join the submission queue.
    TakeTurn,
    /// Claim, then send.
    Submit(Box<Submit>),
    /// Look for the object's jobs by name.
    SearchByName(Question),
    /// Look at the object's job, before it is cancelled.
    Look(JobId),
    /// Read the parts of a job that has ended.
    ReadParts(Parts),
    /// Add our finalizer.
    AddFinalizer,
    /// Ask AWS to end jobs.
    EndJobs {
        /// Terminate or cancel.
        kind: EndKind,
        /// Only jobs that are proven to be the object's.
        ids: Vec<Owned>,
        /// What AWS shows as the reason.
        reason: &'static str,
    },
    /// Remove our finalizer.
    RemoveFinalizer,
    /// Delete the object.
    Delete,
}

/// A claim, and the submission that follows the claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Submit {
    pub claim: Claim,
    /// The time of the claim by the monotonic clock.
    pub claimed: Moment,
    /// How many attempts in a row AWS surely did not accept before this one.
    pub tries: u32,
    pub submission: Submission,
}

/// The search by name: which jobs have this object's tags, and is the object's job listed?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The name or the ARN of the job queue.
    pub queue: String,
    pub name: String,
    /// The values of the object's four tags.
    pub identity: Identity,
    /// The job that the object has.
    pub job: Option<JobId>,
    /// Jobs created before this time cannot be the object's.
    pub since: Timestamp,
    /// Whether a decision waits for the answer. Other searches are made only while no read is under way.
    pub is_urgent: bool,
}

/// What is to be read of a job that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parts {
    /// The failed children of this array, and the first of them.
    FailedChildren(JobId),
    /// The main node of this multi-node parallel job.
    MainNode { job: JobId, node: JobId },
}

impl Parts {
    /// The whole job.
    pub fn job(&self) -> &JobId {
        match self {
            Self::FailedChildren(job) | Self::MainNode { job, .. } => job,
        }
    }
}

/// One line for the log, and for `kubectl describe`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Whether a person should worry.
    pub is_warning: bool,
    /// One CamelCase word.
    pub reason: Reason,
    /// One sentence, on one line.
    pub text: String,
}

impl Note {
    /// Something went as it should.
    pub fn normal(reason: Reason, text: impl AsRef<str>) -> Self {
        Self { is_warning: false, reason, text: one_line(text.as_ref(), NOTE_MAX) }
    }

    /// Something that a person should know of.
    pub fn warning(reason: Reason, text: impl AsRef<str>) -> Self {
        Self { is_warning: true, ..Self::normal(reason, text) }
    }
}

impl Plan {
    /// Nothing to do until something changes.
    pub fn rest() -> Self {
        Self {
            step: Step::Rest,
            status: None,
            urgency: Urgency::Waits,
            notes: Vec::new(),
            follow: None,
            queue: None,
            wake: None,
            cause: None,
        }
    }

    /// Only this step.
    pub fn step(step: Step) -> Self {
        Self { step, ..Self::rest() }
    }

    /// Wakes the object in `left` at the latest.
    #[must_use]
    pub fn waking_in(mut self, left: Duration) -> Self {
        self.wake = Some(self.wake.map_or(left, |wake| wake.min(left)));
        self
    }

    /// Sets the cause, unless the plan has a cause already.
    #[must_use]
    pub fn because(self, cause: Because) -> Self {
        Self { cause: self.cause.or(Some(cause)), ..self }
    }

    /// Whether the plan leads to a submission, or writes a terminal phase.
    pub fn decides(&self) -> bool {
        let phase = self.status.as_ref().and_then(|status| status.phase);
        self.keeps_turn() || phase.is_some_and(Phase::is_terminal)
    }

    /// Whether the object keeps its place in the submission queue.
    pub fn keeps_turn(&self) -> bool {
        matches!(self.step, Step::TakeTurn | Step::Submit(_))
    }
}
