//! What a plan consists of. A step is complete: whoever carries it out chooses nothing.

use std::time::Duration;

use jiff::Timestamp;

use crate::api::condition::Reason;
use crate::api::{BatchJobStatus, Phase};
use crate::job::{EndKind, Identity, JobId, Owned, Submission};
use crate::moment::Moment;
use crate::plan::because::Because;
use crate::plan::claim::Claim;
use crate::text::one_line;

/// Longest text of a note, in characters. A user's annotation may be in it, of any length.
const NOTE_MAX: usize = 1000;

/// What is to be done now for one object: first the status, then the step, then the notes.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The one step of this pass.
    pub step: Step,
    /// The whole status, when it differs from the object's.
    pub status: Option<BatchJobStatus>,
    /// Whether the write of the status waits for other writes.
    pub urgency: Urgency,
    /// What to tell the world once status and step are done.
    pub notes: Vec<Note>,
    /// The job the tracker shall follow from now on; `None`: none.
    pub follow: Option<JobId>,
    /// The job queue that the object waits for; `None`: it waits for none.
    pub queue: Option<String>,
    /// When to look again if nothing happens before.
    pub wake: Option<Duration>,
    /// Why it is so; every finished plan has a cause.
    pub cause: Option<Because>,
}

/// Whether a write waits for a place among the writes of its namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// It is made at once, and takes a place that others then lack.
    AtOnce,
    /// It waits.
    Waits,
}

/// The one thing that a pass does.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Rest,
    /// Get in the submission queue.
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
        /// Which: only what is proven to be the object's.
        ids: Vec<Owned>,
        /// What AWS shows as the reason.
        reason: &'static str,
    },
    /// Remove our finalizer.
    RemoveFinalizer,
    /// Delete the object.
    Delete,
}

/// A claim and what it claims.
#[derive(Clone, Debug, PartialEq)]
pub struct Submit {
    pub claim: Claim,
    /// The moment of the claim's time.
    pub claimed: Moment,
    /// How many attempts in a row AWS surely did not accept before this one.
    pub tries: u32,
    pub submission: Submission,
}

/// Which jobs bear this object's tags, and is its job there?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The queue to look in.
    pub queue: String,
    pub name: String,
    /// What the tags of the object's jobs say.
    pub identity: Identity,
    /// The job that the object has.
    pub job: Option<JobId>,
    /// Older jobs cannot be the object's.
    pub since: Timestamp,
    /// Whether something waits for the answer. A look that nothing waits for is made when nobody else looks.
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
    /// The job that they are parts of.
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

    /// The same, and awake in `left` at the latest.
    #[must_use]
    pub fn waking_in(mut self, left: Duration) -> Self {
        self.wake = Some(self.wake.map_or(left, |wake| wake.min(left)));
        self
    }

    /// The same, for this cause, unless a closer one is known.
    #[must_use]
    pub fn because(self, cause: Because) -> Self {
        Self { cause: self.cause.or(Some(cause)), ..self }
    }

    /// Whether it is on the way to a submission, or to an end without one.
    pub fn decides(&self) -> bool {
        let phase = self.status.as_ref().and_then(|status| status.phase);
        self.keeps_turn() || phase.is_some_and(Phase::is_terminal)
    }

    /// Whether the object keeps its place in the submission queue.
    pub fn keeps_turn(&self) -> bool {
        matches!(self.step, Step::TakeTurn | Step::Submit(_))
    }
}
