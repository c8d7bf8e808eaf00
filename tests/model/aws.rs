//! AWS Batch as documented: no idempotency, reads that lag, signatures that expire.

use super::jobs::{Found, JOBS, Job, Life, Seen};
use super::rules::Rules;
use super::time::Tick;
use super::world::World;

impl World {
    /// AWS accepts a request, unless its signature has expired or the queue is gone. Returns the number of the job.
    pub fn take(&mut self, signed_at: Tick, hides: u8, rules: &Rules) -> Option<u8> {
        if rules.has_expired(signed_at) || self.queue_is_gone {
            return None;
        }
        self.jobs.push(Job { hides, life: Life::Running });
        assert!(self.jobs.len() <= JOBS, "a world of too many jobs: {self:#?}");
        u8::try_from(self.jobs.len() - 1).ok()
    }

    /// The jobs that reads show.
    pub fn visible(&self) -> Found {
        std::array::from_fn(|id| self.jobs.get(id).filter(|job| job.hides == 0).map(|job| job.life))
    }

    /// The result of a search by name now.
    pub fn look(&self) -> Seen {
        if self.queue_is_gone { Seen::Refused } else { Seen::Jobs(self.visible()) }
    }

    /// A person deletes the queue. AWS ends the jobs in it.
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

    /// A job ends, by itself or on request.
    pub fn ends(&mut self, id: usize, life: Life) -> Option<()> {
        let job = self.jobs.get_mut(id).filter(|job| job.life == life)?;
        job.life = if life == Life::Terminated { Life::Failed } else { Life::Succeeded };
        Some(())
    }
}
