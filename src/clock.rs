//! The one door to time. Everything that decides takes the time as an argument; only the shell asks here.

use jiff::Timestamp;

/// The wall clock, which claims and conditions carry.
#[allow(clippy::disallowed_methods, reason = "this is the door")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// The monotonic clock, for rates and intervals that must not jump with the wall clock.
pub fn instant() -> tokio::time::Instant {
    tokio::time::Instant::now()
}
