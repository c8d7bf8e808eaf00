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
    /// Whether it does not show within five windows after the object got another job: nobody looks for it then.
    pub is_late: bool,
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

/// A SubmitJob on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// The time of its signature.
    pub signed_at: Tick,
    /// When it left.
    pub left_at: Tick,
    /// Which process waits for the answer, if one does.
    pub from: Option<usize>,
}

/// What a look by name found: the life of each job, if reads tell of it.
pub type Found = [Option<Life>; JOBS];

impl Life {
    /// Whether it has ended.
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }
}

impl World {
    /// AWS takes a request, unless its signature has expired. Answers with the number of the job.
    pub fn take(&mut self, signed_at: Tick, hides: u8, rules: &Rules) -> Option<u8> {
        if rules.has_expired(signed_at) {
            return None;
        }
        let is_late = self.recorded_at.is_some_and(|at| Tick::from(hides) >= at + rules.minutes(5));
        self.jobs.push(Job { hides, life: Life::Running, is_late });
        assert!(self.jobs.len() <= JOBS, "a world of too many jobs: {self:#?}");
        u8::try_from(self.jobs.len() - 1).ok()
    }

    /// What reads tell of.
    pub fn visible(&self) -> Found {
        std::array::from_fn(|id| self.jobs.get(id).filter(|job| job.hides == 0).map(|job| job.life))
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
