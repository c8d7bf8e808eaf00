//! The one door to time. Everything that decides takes the time as an argument; only the shell asks here.

use std::fmt;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::moment::{Moment, Reading};

/// The clocks of one process. A value that is passed, as the wall clocks of two replicas never agree. Cheap to clone.
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

    /// A clock whose wall clock shows what `now` answers.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        let begun = instant();
        let moment =
            move || Moment(SignedDuration::try_from(instant() - begun).unwrap_or(SignedDuration::MAX));
        Self { wall: Arc::new(now), moments: Arc::new(moment) }
    }

    /// The same wall clock beside another monotonic one.
    #[must_use]
    pub fn with_moments(self, moment: impl Fn() -> Moment + Send + Sync + 'static) -> Self {
        Self { moments: Arc::new(moment), ..self }
    }

    /// The wall clock: what claims and conditions carry.
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
