//! What AWS showed: of the object's job, of its parts, and of its queue. Data alone; what it means is decided elsewhere.

use crate::job::{Fault, JobId, RemoteJob};
use crate::moment::{Moment, Reading};

/// A look at the object's job that was made before its cancellation.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    pub job: JobId,
    /// When the look began.
    pub asked: Reading,
    /// The job; `None`: DescribeJobs left it out.
    pub found: Result<Option<Box<RemoteJob>>, Fault>,
}

/// What the tracker saw last of the object's job.
#[derive(Clone, Debug, PartialEq)]
pub enum Sighting {
    /// DescribeJobs told of it.
    Seen(Box<RemoteJob>),
    /// DescribeJobs has left it out since then, at every look.
    Missing {
        /// The first look without it.
        since: Moment,
        until: Moment,
    },
}

/// What AWS told last of the queue that the object names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueSight {
    /// Whether it takes jobs.
    pub takes_jobs: bool,
    /// Since when that was seen, without a break.
    pub since: Moment,
}

/// Since when every look at a job has failed, and why the first one did.
#[derive(Clone, Debug, PartialEq)]
pub struct Unread {
    /// The first look that failed.
    pub since: Reading,
    pub fault: Fault,
}

/// What was read of the parts of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    pub job: JobId,
    /// The parts, or why they could not be read, several times over.
    pub found: Result<Inspected, Fault>,
}

/// The parts of a job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspected {
    /// The indexes of the children that failed, in order.
    pub failed: Vec<i32>,
    /// The part that tells: the child that failed first, or the main node.
    pub first: Option<Box<RemoteJob>>,
}
