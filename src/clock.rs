//! The only source of time. Decisions take the time as an argument; only the outer layers read a clock.

use std::fmt;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::moment::{Moment, Reading};

/// The clocks of one process. A value that is passed, because each replica has a wall clock of its own. Cheap to clone.
#[derive(Clone)]
pub struct Clock {
    wall: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    moments: Arc<dyn Fn() -> Moment + Send + Sync>,
}

impl Clock {
    /// The clock of this machine.
    pub fn system() -> Self {
        Self::new(now)
    }

    /// A clock whose wall clock shows the result of `now`.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        let begun = instant();
        let moment =
            move || Moment(SignedDuration::try_from(instant() - begun).unwrap_or(SignedDuration::MAX));
        Self { wall: Arc::new(now), moments: Arc::new(moment) }
    }

    /// Replaces the monotonic clock.
    #[must_use]
    pub fn with_moments(self, moment: impl Fn() -> Moment + Send + Sync + 'static) -> Self {
        Self { moments: Arc::new(moment), ..self }
    }

    /// The wall clock, for claims and conditions.
    pub fn now(&self) -> Timestamp {
        (self.wall)()
    }

    pub fn moment(&self) -> Moment {
        (self.moments)()
    }

    /// Both clocks.
    pub fn read(&self) -> Reading {
        Reading { wall: self.now(), moment: self.moment() }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// The wall clock of this machine.
#[allow(clippy::disallowed_methods, reason = "this is the door")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// The monotonic clock, for rates and intervals that must not jump with the wall clock.
pub fn instant() -> Instant {
    Instant::now()
}
