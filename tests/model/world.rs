//! One state of the small world: an object in an API server, AWS Batch, two processes, and how many faults may still
//! happen. All times are ticks, and it is always 0 now: what has been is negative. So two states that differ only in
//! how late it is are one.

use super::aws::{Job, Life, Request};
use super::object::Object;
use super::process::Process;
use super::promises::Promise;
use super::rules::Rules;

/// A moment or a length of time, in ticks.
pub type Tick = i16;

/// What both clocks of a process have shown. By the monotonic one, it is 0 now for every process: only lengths matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reading {
    /// The wall clock.
    pub wall: Tick,
    /// The monotonic clock.
    pub moment: Tick,
}

/// A state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    /// The object; `None` once it is gone.
    pub object: Option<Object>,
    /// The jobs that AWS has taken, the oldest first; all are the object's.
    pub jobs: Vec<Job>,
    /// SubmitJob requests that have left their process and have not reached AWS.
    pub requests: Vec<Request>,
    /// Whether the queue was deleted.
    pub queue_is_gone: bool,
    /// Whether somebody took our finalizer away, and nobody has put it back yet.
    pub is_bare: bool,
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
            queue_is_gone: false,
            is_bare: false,
            processes: rules.ahead.map(Process::new),
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

    /// Whether an object that lives has a job that runs, and does not bear our finalizer.
    pub fn is_not_held(&self) -> bool {
        let is_bare =
            |object: Object| !object.is_deleting && !object.has_finalizer && !object.status.has_ended;
        self.object.is_some_and(is_bare) && self.jobs.iter().any(|job| job.life == Life::Running)
    }

    /// What the clocks of a process show.
    pub fn clock(&self, who: usize) -> Reading {
        Reading { wall: self.processes[who].ahead, moment: 0 }
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

    /// Every time that anybody keeps.
    pub fn each_time(&mut self, act: &mut dyn FnMut(&mut Tick)) {
        self.object.iter_mut().for_each(|object| object.each_time(act));
        self.requests.iter_mut().for_each(|request| act(&mut request.signed_at));
        self.processes.iter_mut().for_each(|process| process.each_time(act));
    }
}

impl Reading {
    /// The later of both clocks.
    pub fn max(self, other: Self) -> Self {
        Self { wall: self.wall.max(other.wall), moment: self.moment.max(other.moment) }
    }

    /// So much earlier.
    pub fn before(self, length: Tick) -> Self {
        Self { wall: self.wall - length, moment: self.moment - length }
    }

    /// Both times.
    pub fn each_time(&mut self, act: &mut dyn FnMut(&mut Tick)) {
        act(&mut self.wall);
        act(&mut self.moment);
    }
}
