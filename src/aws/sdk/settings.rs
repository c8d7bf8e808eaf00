//! The settings of our clients beside the SDK's own: time, sleep and timeouts, in the SDK's types.

use std::time::{Duration, SystemTime};

use aws_sdk_batch::config::timeout::TimeoutConfig;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, TimeSource};

use crate::aws::Permit;
use crate::clock::Clock;

/// The settings of our clients beside the SDK's own.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The longest time for one call, from connection to last byte.
    pub attempt_timeout: Duration,
    /// Checked just before a request is sent. Its clock signs all requests but SubmitJob.
    pub permit: Permit,
}

impl Settings {
    /// One attempt, within the attempt timeout.
    pub(super) fn timeouts(&self) -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(self.attempt_timeout.min(Duration::from_secs(3)))
            .operation_attempt_timeout(self.attempt_timeout)
            .operation_timeout(self.attempt_timeout)
            .build()
    }

    /// Sleep by tokio, so that tests can use virtual time.
    pub(super) fn sleep() -> SharedAsyncSleep {
        SharedAsyncSleep::new(TokioSleep::new())
    }

    /// Our clock, as a time source of the SDK.
    pub(super) fn time(&self) -> SharedTimeSource {
        SharedTimeSource::new(Time(self.permit.clock().clone()))
    }
}

/// A clock, as the SDK asks it.
#[derive(Debug)]
pub struct Time(pub Clock);

impl TimeSource for Time {
    fn now(&self) -> SystemTime {
        self.0.now().into()
    }
}
