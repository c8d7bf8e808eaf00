//! Time in the small world: ticks relative to now, and the two clocks of a process.

/// A moment or a length of time, in ticks.
pub type Tick = i16;

/// A reading of both clocks of a process. The monotonic clock is 0 now for every process, because only lengths matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reading {
    /// The wall clock.
    pub wall: Tick,
    /// The monotonic clock.
    pub moment: Tick,
}

impl Reading {
    /// The later of both clocks.
    pub fn max(self, other: Self) -> Self {
        Self { wall: self.wall.max(other.wall), moment: self.moment.max(other.moment) }
    }

    /// Earlier by `length`.
    pub fn before(self, length: Tick) -> Self {
        Self { wall: self.wall - length, moment: self.moment - length }
    }

    /// Both times.
    pub fn each_time(&mut self, act: &mut dyn FnMut(&mut Tick)) {
        act(&mut self.wall);
        act(&mut self.moment);
    }
}
