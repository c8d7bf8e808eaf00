//! What AWS showed of an object's job, of the parts of the job, and of the job queue. Data alone.

use std::sync::Arc;

use crate::job::{Fault, JobId, RemoteJob};
use crate::moment::{Moment, Reading};

/// A look at the object's job that was made before its cancellation.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    pub job: JobId,
    /// When the look began.
    pub asked: Reading,
    /// `None`: DescribeJobs did not return the job.
    pub found: Result<Option<Arc<RemoteJob>>, Fault>,
}

/// What the tracker saw last of the object's job.
#[derive(Clone, Debug, PartialEq)]
pub enum Sighting {
    /// DescribeJobs returned the job.
    Seen(Arc<RemoteJob>),
    /// No look from `since` to `until` showed the job.
    Missing {
        /// The first look without the job.
        since: Moment,
        until: Moment,
    },
}

/// The latest look at the job queue that the object names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueSight {
    pub takes_jobs: bool,
    /// Since when `takes_jobs` has had this value.
    pub since: Moment,
    /// Whether an earlier look showed the other value. The first look does not tell when the value began.
    pub has_changed: bool,
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
    /// The parts, or the error of the last try.
    pub found: Result<Inspected, Fault>,
}

/// The parts of a job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspected {
    /// The indexes of the children that failed, in order.
    pub failed: Vec<i32>,
    /// The part that shows why the job ended: the child that failed first, or the main node.
    pub first: Option<Box<RemoteJob>>,
}
