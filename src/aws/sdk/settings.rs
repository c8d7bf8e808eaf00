//! What our clients need beside the SDK's own settings: time, sleep and deadlines, in the SDK's terms.

use std::time::{Duration, SystemTime};

use aws_sdk_batch::config::timeout::TimeoutConfig;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, TimeSource};

use crate::aws::Permit;
use crate::clock::Clock;

/// What the client needs beside the SDK's own settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// One call, from connection to last byte.
    pub attempt_timeout: Duration,
    /// Asked at the last moment before the wire. Its clock signs whatever bears no claim's time.
    pub permit: Permit,
}

impl Settings {
    /// One attempt, within the attempt timeout. The SDK sleeps by tokio, so that time can be virtual.
    pub(super) fn timeouts(&self) -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(self.attempt_timeout.min(Duration::from_secs(3)))
            .operation_attempt_timeout(self.attempt_timeout)
            .operation_timeout(self.attempt_timeout)
            .build()
    }

    /// How the SDK waits.
    pub(super) fn sleep() -> SharedAsyncSleep {
        SharedAsyncSleep::new(TokioSleep::new())
    }

    /// The clock, as the SDK asks it.
    pub(super) fn time(&self) -> SharedTimeSource {
        SharedTimeSource::new(Time(self.permit.clock().clone()))
    }
}

#[derive(Debug)]
struct Time(Clock);

impl TimeSource for Time {
    fn now(&self) -> SystemTime {
        self.0.now().into()
    }
}
