//! One state of the small world: an object in an API server, AWS Batch, two processes, and how many faults may still
//! happen. All times are ticks, and it is always 0 now: what has been is negative. So two states that differ only in
//! how late it is are one.

use super::aws::{Job, Request};
use super::object::Object;
use super::process::Process;
use super::promises::Promise;
use super::rules::Rules;

/// A moment or a length of time, in ticks.
pub type Tick = i16;

/// A state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    /// The object; `None` once it is gone.
    pub object: Option<Object>,
    /// The jobs that AWS has taken, the oldest first; all are the object's.
    pub jobs: Vec<Job>,
    /// SubmitJob requests that have left their process and have not reached AWS.
    pub requests: Vec<Request>,
    /// Since when, as its status says, the object has a job and a late look for others is to come; kept after the look,
    /// and only where jobs hide longer than the operator is told.
    pub recorded_at: Option<Tick>,
    /// Whether the late look was made by the process that had claimed; kept only there, too.
    pub claimant_looked: bool,
    /// The two operators.
    pub processes: [Process; 2],
    /// How many faults may still happen.
    pub faults: u8,
    /// The promise that the latest move broke.
    pub broken: Option<Promise>,
}

impl World {
    /// The object was just created; both processes have run for long.
    pub fn new(rules: &Rules) -> Self {
        Self {
            object: Some(Object::new()),
            jobs: Vec::new(),
            requests: Vec::new(),
            recorded_at: None,
            claimant_looked: false,
            processes: [Process::new(None), Process::new(None)],
            faults: rules.faults,
            broken: None,
        }
    }

    /// One more fault, if one is left.
    pub fn spend(&mut self) -> Option<()> {
        self.faults = self.faults.checked_sub(1)?;
        Some(())
    }

    /// Whether nothing is left to do: the object is gone, or has come to its end and is let go.
    pub fn has_settled(&self) -> bool {
        self.object.is_none_or(|object| object.status.has_ended && !object.has_finalizer)
    }

    /// Time passes.
    pub fn tick(&mut self) {
        self.each_time(&mut |time| *time -= 1);
        self.jobs.iter_mut().for_each(|job| job.hides = job.hides.saturating_sub(1));
        for process in &mut self.processes {
            match process.lag.checked_sub(1) {
                Some(left) => process.lag = left,
                None => drop(process.catch_up()),
            }
        }
    }

    pub fn each_time(&mut self, act: &mut dyn FnMut(&mut Tick)) {
        self.object.iter_mut().for_each(|object| object.each_time(act));
        self.recorded_at.iter_mut().for_each(&mut *act);
        for request in &mut self.requests {
            act(&mut request.signed_at);
            act(&mut request.left_at);
        }
        self.processes.iter_mut().for_each(|process| process.each_time(act));
    }
}
