//! Times as values: what the two clocks of a process have shown. `clock` reads them; whoever decides compares them.

use std::ops::Add;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// A moment by the monotonic clock of this process, counted from its start. The wall clock can step;
/// what this process did and saw is compared by moments. A moment means nothing to another process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub SignedDuration);

/// What both clocks show at one time: the wall clock for what others read, the monotonic one for comparisons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub wall: Timestamp,
    pub moment: Moment,
}

/// What is left of a wait; `None`: it is over.
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
