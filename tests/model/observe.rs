//! The input of a plan. A model of `src/controller/observe.rs`.

use super::jobs::Life;
use super::object::Object;
use super::process::Memory;
use super::rules::Rules;
use super::time::Tick;
use super::world::World;

/// What a process plans with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct View {
    /// Which process.
    pub who: usize,
    /// What its wall clock shows.
    pub wall: Tick,
    /// The object.
    pub object: Object,
    /// What is remembered of it.
    pub memory: Memory,
    /// What the tracker sees of the job that it follows.
    pub sighting: Option<(u8, Life)>,
}

impl World {
    /// The view of process `who`: the newer of the watched object and its own write, and its memory. An id in the
    /// status is remembered. How the job was found then no longer matters.
    pub fn observe(&mut self, who: usize, rules: &Rules) -> Option<View> {
        let (now, visible) = (self.clock(who), self.visible());
        let current = self.object?;
        let process = &mut self.processes[who];
        let cached = process.cached.unwrap_or(current);
        process.written = process.written.filter(|written| written.version > cached.version);
        let object = process.written.unwrap_or(cached);
        let is_new = process.memory.is_none();
        let memory = process.memory();
        if is_new {
            memory.is_old = object.is_old(now.wall, rules);
        }
        memory.sees_claim(object, now);
        if memory.accepted.is_none() && object.status.job.is_some() {
            memory.accepted = object.status.job;
            (memory.attempt, memory.lookup, memory.claim) = (None, None, None);
        }
        let memory = *memory;
        Some(View { who, wall: now.wall, object, memory, sighting: memory.sighting(visible) })
    }
}
