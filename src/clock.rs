//! The one door to time. Everything that decides takes the time as an argument; only the shell asks here.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

/// The wall clock, which claims and conditions carry. A value that is passed, as two replicas' clocks never agree.
/// Cheap to clone.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The clock of this machine.
    pub fn system() -> Self {
        Self::new(now)
    }

    /// A clock that shows what `now` answers.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// What it shows.
    pub fn now(&self) -> Timestamp {
        (self.0)()
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
pub fn instant() -> tokio::time::Instant {
    tokio::time::Instant::now()
}
