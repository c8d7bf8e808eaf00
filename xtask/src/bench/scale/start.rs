//! An operator's start: how soon it is ready, and how soon it calls AWS.

use std::time::{Duration, Instant};

use super::scene::Scene;
use crate::bench::process::{Memory, Process};
use crate::bench::subject::Subject;
use crate::bench::wait::wait;
use crate::chaos::replica::Replica;
use crate::run::Failure;

/// The pause between two looks at readiness: figures are as exact as that.
const GLANCE: Duration = Duration::from_millis(10);

/// A running operator.
pub struct Started {
    replica: Replica,
    process: Process,
    /// From the start of the process until it said that it was ready.
    pub ready: Duration,
    /// From the start of the process until AWS had answered its first call.
    pub called: Duration,
}

impl Started {
    /// Starts the subject, and waits until it is ready.
    pub fn new(scene: &Scene<'_>, subject: &Subject, name: &str, flags: &[&str]) -> Result<Self, Failure> {
        let recipe = scene.stage.recipe(subject, scene.namespace, flags);
        let double = &scene.stage.double;
        let (calls, begun) = (double.calls(), Instant::now());
        let mut replica = Replica::start(&recipe, &format!("{name}-{}", scene.namespace))?;
        let (mut called, mut ready) = (None, None);
        wait(GLANCE, "an operator to be ready", || {
            if double.calls() > calls {
                called.get_or_insert_with(|| begun.elapsed());
            }
            if replica.is_ready() {
                ready.get_or_insert_with(|| begun.elapsed());
            }
            if replica.has_ended() {
                let program = subject.program.display();
                return Err(format!("{program} has ended at its start: is it of this version?").into());
            }
            Ok(called.is_some() && ready.is_some())
        })?;
        let process = Process::of(replica.pid()?)?;
        let (ready, called) = (ready.unwrap_or_default(), called.unwrap_or_default());
        Ok(Self { replica, process, ready, called })
    }

    /// Its memory now.
    pub fn memory(&self) -> Result<Memory, Failure> {
        self.process.memory()
    }

    /// The processor time that it has used, in milliseconds.
    pub fn cpu_ms(&self) -> Result<f64, Failure> {
        self.process.cpu_ms()
    }

    /// Asks it to end, and waits for that.
    pub fn stop(self) -> Result<(), Failure> {
        self.replica.stop()
    }

    /// Ends it at once.
    pub fn kill(self) -> Result<(), Failure> {
        self.replica.signal("KILL")
    }
}
