//! A DescribeJobs call to be made: its jobs, its purpose, and its failures so far.

use std::collections::BTreeSet;
use std::ops::Deref;

use crate::job::JobId;
use crate::key::Key;

/// Why a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To look at jobs.
    Look,
    /// To look at jobs that were set aside.
    LookAside,
    /// To see whether AWS answers at all.
    Prove,
}

/// One DescribeJobs. Dereferences to its jobs.
#[derive(Debug)]
pub struct Call {
    jobs: Vec<(Key, JobId)>,
    pub(super) purpose: Purpose,
    /// How often the call has failed for a reason that may be one of its ids.
    pub(super) strikes: u32,
    /// How many calls AWS had answered when this call was made.
    pub(super) answers: u64,
}

impl Call {
    /// A look at jobs; `answers` calls were answered so far.
    pub(super) fn look(jobs: Vec<(Key, JobId)>, answers: u64) -> Self {
        Self { jobs, purpose: Purpose::Look, strikes: 0, answers }
    }

    /// A look at jobs that were set aside.
    pub(super) fn look_aside(jobs: Vec<(Key, JobId)>) -> Self {
        Self { jobs, purpose: Purpose::LookAside, strikes: 0, answers: 0 }
    }

    /// A call for an id that no job has. It fails only if AWS does not answer.
    pub(super) fn prove() -> Self {
        Self { jobs: Vec::new(), purpose: Purpose::Prove, strikes: 0, answers: 0 }
    }

    /// The ids of the call, each once. Without ids there is no call to make.
    pub fn ids(&self) -> Vec<JobId> {
        if self.purpose == Purpose::Prove {
            return vec![JobId::nobody()];
        }
        self.jobs.iter().map(|(_, id)| id).collect::<BTreeSet<_>>().into_iter().cloned().collect()
    }

    /// Drops jobs.
    pub(super) fn retain(&mut self, is_kept: impl FnMut(&(Key, JobId)) -> bool) {
        self.jobs.retain(is_kept);
    }

    /// Splits the call into two, each with `strikes`.
    pub(super) fn halves(mut self, strikes: u32, answers: u64) -> [Self; 2] {
        let half = self.jobs.split_off(self.jobs.len() / 2);
        [self.jobs, half].map(|jobs| Self { strikes, ..Self::look(jobs, answers) })
    }
}

impl Deref for Call {
    type Target = [(Key, JobId)];

    fn deref(&self) -> &Self::Target {
        &self.jobs
    }
}
