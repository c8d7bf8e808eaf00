//! A job that is followed, and the latest look at it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::job::{JobId, JobStatus, JobSummary};
use crate::key::Key;
use crate::plan::Sighting;

/// A followed job, and its latest look.
#[derive(Debug)]
pub struct Followed {
    pub id: JobId,
    pub sighting: Option<Sighting>,
    /// Whether AWS has ever described the job. Only such jobs are part of a round, because any user may name ids that
    /// do not exist.
    pub was_seen: bool,
    /// Whether its call failed, and is repeated outside the round.
    pub is_on_trial: bool,
}

/// The followed jobs, by the objects that follow them.
pub type All = BTreeMap<Key, Followed>;

impl Followed {
    pub fn new(id: JobId) -> Self {
        Self { id, sighting: None, was_seen: false, is_on_trial: false }
    }

    /// The queue of the job, where AWS shows the job and names its queue.
    pub fn queue(&self) -> Option<&str> {
        match &self.sighting {
            Some(Sighting::Seen(job)) => job.queue.as_deref(),
            _ => None,
        }
    }

    /// The state and the creation time of the job, as AWS described it last.
    pub fn place(&self) -> Option<(JobStatus, Timestamp)> {
        match &self.sighting {
            Some(Sighting::Seen(job)) => Some((job.status, job.created_at?)),
            _ => None,
        }
    }

    /// Whether the summary tells nothing that the latest description does not tell.
    pub fn is_as_before(&self, summary: &JobSummary) -> bool {
        matches!(&self.sighting, Some(Sighting::Seen(job)) if job.agrees_with(summary))
    }
}
