//! AWS Batch as its documentation tells it: no idempotency, reads that lag, signatures that expire.

use super::rules::Rules;
use super::world::{Tick, World};

/// More jobs than any world here comes to.
pub const JOBS: usize = 4;

/// A job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Job {
    /// For how long reads do not tell of it.
    pub hides: u8,
    /// Where it is in its life.
    pub life: Life,
}

/// Where a job is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Life {
    /// It runs.
    Running,
    /// It runs, and a request to end it was taken.
    Terminated,
    /// It came to its end by itself.
    Succeeded,
    /// It was ended.
    Failed,
}

/// A SubmitJob on its way. It may arrive at any time until its signature is dead, whatever became of its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// The time of its signature.
    pub signed_at: Tick,
    /// Which process waits for the answer, if one does.
    pub from: Option<usize>,
}

/// What a look by name found: the life of each job, if reads tell of it.
pub type Found = [Option<Life>; JOBS];

/// The answer to a look by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Seen {
    /// These jobs.
    Jobs(Found),
    /// The call failed.
    Failed,
    /// AWS refuses: there is no such queue.
    Refused,
}

impl Life {
    /// Whether it has ended.
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

impl World {
    /// AWS takes a request, unless its signature has expired or the queue is gone. Answers with the number of the job.
    pub fn take(&mut self, signed_at: Tick, hides: u8, rules: &Rules) -> Option<u8> {
        if rules.has_expired(signed_at) || self.queue_is_gone {
            return None;
        }
        self.jobs.push(Job { hides, life: Life::Running });
        assert!(self.jobs.len() <= JOBS, "a world of too many jobs: {self:#?}");
        u8::try_from(self.jobs.len() - 1).ok()
    }

    /// What reads tell of.
    pub fn visible(&self) -> Found {
        std::array::from_fn(|id| self.jobs.get(id).filter(|job| job.hides == 0).map(|job| job.life))
    }

    /// What a look by name shows now.
    pub fn look(&self) -> Seen {
        if self.queue_is_gone { Seen::Refused } else { Seen::Jobs(self.visible()) }
    }

    /// Somebody deletes the queue. AWS ends the jobs in it.
    pub fn queue_goes(&mut self) -> Option<()> {
        (!self.queue_is_gone).then_some(())?;
        self.queue_is_gone = true;
        self.terminate(u8::MAX);
        Some(())
    }

    /// TerminateJobs, of the jobs whose bits are set.
    pub fn terminate(&mut self, ids: u8) {
        let asked = self.jobs.iter_mut().enumerate().filter(|(id, _)| ids & (1 << id) != 0);
        for (_, job) in asked.filter(|(_, job)| job.life == Life::Running) {
            job.life = Life::Terminated;
        }
    }

    /// A job comes to its end, by itself or because it was asked to.
    pub fn ends(&mut self, id: usize, life: Life) -> Option<()> {
        let job = self.jobs.get_mut(id).filter(|job| job.life == life)?;
        job.life = if life == Life::Terminated { Life::Failed } else { Life::Succeeded };
        Some(())
    }
}
