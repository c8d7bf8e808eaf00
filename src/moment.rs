//! Times as values: readings of the two clocks of a process. `clock` makes them; decisions compare them.

use std::ops::Add;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// A moment by the monotonic clock of this process, counted from its start. The wall clock can jump, so this process
/// compares its own events by moments. A moment means nothing to another process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub SignedDuration);

/// Both clocks at one time: the wall clock for others to read, the monotonic clock for comparisons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub wall: Timestamp,
    pub moment: Moment,
}

/// The rest of a wait; `None`: the wait is over.
pub fn left(length: SignedDuration) -> Option<Duration> {
    Duration::try_from(length).ok().filter(|left| !left.is_zero())
}

impl Moment {
    /// The time from `earlier` to this moment; negative when this moment came first.
    pub fn since(self, earlier: Self) -> SignedDuration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<SignedDuration> for Moment {
    type Output = Self;

    fn add(self, length: SignedDuration) -> Self {
        Self(self.0.saturating_add(length))
    }
}

impl Add<SignedDuration> for Reading {
    type Output = Self;

    fn add(self, length: SignedDuration) -> Self {
        Self { wall: self.wall.saturating_add(length).unwrap_or(self.wall), moment: self.moment + length }
    }
}
