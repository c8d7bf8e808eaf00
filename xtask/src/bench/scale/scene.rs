//! What one run works on: a namespace, and the objects in it.

use std::time::Duration;

use batch_double::JobView;

use crate::bench::load::{Group, Kind, create, in_phase, is_any};
use crate::bench::requests::writes;
use crate::bench::stage::Stage;
use crate::bench::wait::{PAUSE, wait};
use crate::run::Failure;

/// How long no object may be written until a run takes it that nothing moves.
const SETTLED_AFTER: Duration = Duration::from_secs(5);

/// The pause between two looks through all objects.
const SCANNED_EVERY: Duration = Duration::from_secs(2);

/// A namespace on the stage.
pub struct Scene<'a> {
    pub stage: &'a Stage,
    /// The namespace, and the job queue of its jobs.
    pub namespace: &'a str,
    /// How many objects there are in the main.
    pub objects: usize,
    /// How many jobs change in one second.
    pub changes: usize,
}

impl Scene<'_> {
    /// BatchJobs that are created together.
    pub fn group<'b>(&'b self, name: &'b str) -> Group<'b> {
        Group { namespace: self.namespace, name, kind: Kind::BatchJob }
    }

    /// Creates a group, and waits until all its jobs run.
    pub fn run_group(&self, name: &str, number: usize) -> Result<(), Failure> {
        println!("  {number} BatchJobs are created");
        let double = &self.stage.double;
        let submitted = double.count("SubmitJob");
        create(self.stage, &self.group(name), number)?;
        // The double is asked first: a list of many objects costs the API server much.
        wait(PAUSE, "every job to be submitted", || {
            Ok(double.count("SubmitJob") - submitted >= number as u64)
        })?;
        self.wait_until_none_is("Pending")?;
        self.wait_until_none_is("Submitted")
    }

    /// Waits until no object is in this phase.
    pub fn wait_until_none_is(&self, phase: &str) -> Result<(), Failure> {
        wait(SCANNED_EVERY, &format!("the end of phase {phase}"), || {
            Ok(!is_any(self.stage, self.namespace, &in_phase(phase))?)
        })
    }

    /// Another client terminates all jobs, until no object shows a job that goes on.
    pub fn end_all_jobs(&self) -> Result<(), Failure> {
        wait(SCANNED_EVERY, "the end of all jobs", || {
            // A job in doubt may be submitted minutes later.
            for job in self.jobs() {
                self.stage.double.terminate(&job.id);
            }
            let goes_on = |phase| is_any(self.stage, self.namespace, &in_phase(phase));
            Ok(!goes_on("Running")? && !goes_on("Submitted")?)
        })
    }

    /// Waits until no BatchJob is written any more: a finalizer goes after the status. Events may follow for minutes.
    pub fn settle(&self) -> Result<(), Failure> {
        let mut before = None;
        wait(SETTLED_AFTER, "the end of all writes of BatchJobs", || {
            let now = Some(writes(&self.stage.requests()?, "batchjobs"));
            let is_settled = now == before;
            before = now;
            Ok(is_settled)
        })
    }

    /// The jobs that AWS has of this namespace.
    pub fn jobs(&self) -> Vec<JobView> {
        let mut jobs = self.stage.double.jobs();
        jobs.retain(|job| job.queue == self.namespace);
        jobs
    }
}
