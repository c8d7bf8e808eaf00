//! The jobs of AWS Batch, the requests on their way to it, and what its searches tell.

use super::time::Tick;

/// The most jobs of a world. No world here reaches this number.
pub const JOBS: usize = 4;

/// A job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Job {
    /// For how many ticks reads do not show the job.
    pub hides: u8,
    /// The state of the job.
    pub life: Life,
}

/// The state of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Life {
    /// It runs.
    Running,
    /// It runs, and AWS has accepted a request to end it.
    Terminated,
    /// It ended by itself.
    Succeeded,
    /// It was ended on request.
    Failed,
}

/// A SubmitJob on its way. It may arrive until its signature expires, even after its call has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// The time of its signature.
    pub signed_at: Tick,
    /// The process that waits for the answer, if any.
    pub from: Option<usize>,
}

/// The result of a search by name: the state of each visible job.
pub type Found = [Option<Life>; JOBS];

/// The answer to a search by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Seen {
    /// These jobs.
    Jobs(Found),
    /// The call failed.
    Failed,
    /// AWS refuses, because the queue does not exist.
    Refused,
}

impl Life {
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

impl Request {
    /// No process waits for the answer any more.
    pub fn unheard(&mut self) {
        self.from = None;
    }
}
