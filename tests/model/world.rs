//! One state of the small world: an object in an API server, AWS Batch, two processes, and the number of faults that
//! may still happen. All times are ticks relative to now: now is 0, and the past is negative. States that differ only
//! in the absolute time are thus equal.

use super::jobs::{Job, Life, Request};
use super::object::{Holder, Object};
use super::process::{Doing, Process};
use super::promises::Promise;
use super::rules::Rules;
use super::time::{Reading, Tick};

/// A state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    /// The object; `None`: it was removed.
    pub object: Option<Object>,
    /// The jobs that AWS has accepted, oldest first. All are the object's.
    pub jobs: Vec<Job>,
    /// SubmitJob requests that were sent and have not reached AWS.
    pub requests: Vec<Request>,
    /// Whether the queue was deleted.
    pub queue_is_gone: bool,
    /// Whether our finalizer was removed and is not back yet.
    pub is_bare: bool,
    /// The two operators.
    pub processes: [Process; 2],
    /// How many faults may still happen.
    pub faults: u8,
    /// The promise that the latest move broke.
    pub broken: Option<Promise>,
}

impl World {
    /// The object was just created. Both processes have been running for long.
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

    /// Uses up one fault, if any is left.
    pub fn spend(&mut self) -> Option<()> {
        self.faults = self.faults.checked_sub(1)?;
        Some(())
    }

    /// Whether nothing is left to do: the object is removed, or has ended and is released.
    pub fn has_settled(&self) -> bool {
        self.object.is_none_or(|object| object.status.has_ended && !object.has_finalizer)
    }

    /// Whether an object with a running job lacks our finalizer.
    pub fn is_not_held(&self) -> bool {
        let is_bare =
            |object: Object| !object.is_deleting && !object.has_finalizer && !object.status.has_ended;
        self.object.is_some_and(is_bare) && self.jobs.iter().any(|job| job.life == Life::Running)
    }

    /// The reading of a process's clocks.
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

    /// Every time in the state.
    pub fn each_time(&mut self, act: &mut dyn FnMut(&mut Tick)) {
        self.object.iter_mut().for_each(|object| object.each_time(act));
        self.requests.iter_mut().for_each(|request| act(&mut request.signed_at));
        self.processes.iter_mut().for_each(|process| process.each_time(act));
    }

    /// The versions of the object that a process may see in its next pass.
    pub fn seen_by(&self, who: usize) -> impl Iterator<Item = Object> + Clone + use<> {
        let process = &self.processes[who];
        [self.object, process.cached, process.written].into_iter().flatten()
    }

    /// Every holder of a claim that the state names.
    pub fn each_holder(&mut self, act: &mut dyn FnMut(&mut Holder)) {
        let mut objects = vec![&mut self.object];
        for process in &mut self.processes {
            let claim = process.memory.as_mut().and_then(|memory| memory.claim.as_mut());
            if let Some(claim) = claim {
                act(&mut claim.holder);
            }
            if let Doing::Planned { status: Some(status), .. } = &mut process.doing {
                status.record.holder().into_iter().for_each(&mut *act);
            }
            objects.extend([&mut process.cached, &mut process.written]);
        }
        for object in objects.into_iter().flatten() {
            object.claim.iter_mut().for_each(|claim| act(&mut claim.holder));
            object.status.record.holder().into_iter().for_each(&mut *act);
        }
    }

    /// The state with the two processes exchanged.
    pub fn mirrored(&self) -> Self {
        let mut world = self.clone();
        world.processes.swap(0, 1);
        world.each_holder(&mut |holder| *holder = holder.map(|who| 1 - who));
        for request in &mut world.requests {
            request.from = request.from.map(|who| 1 - who);
        }
        world
    }
}
