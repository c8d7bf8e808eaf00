//! Where a double takes its time from: the one door to it. The served double takes the wall's, a test may bring its own.

use std::fmt;
use std::sync::Arc;

/// Milliseconds since 1970.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// A clock that shows what `now` answers.
    pub fn new(now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The clock on the wall.
    #[allow(clippy::disallowed_methods, reason = "the double is a service with a clock of its own")]
    pub fn wall() -> Self {
        Self::new(|| jiff::Timestamp::now().as_millisecond())
    }

    /// What it shows.
    pub fn now_ms(&self) -> i64 {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
