//! A harmless read that shows AWS's clock: DescribeJobs of an id that no job has, signed with another time.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_batch::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_batch::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_batch::error::BoxError;
use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

use super::client::{Aws, signed_at};
use super::fault;
use crate::job::{Fault, JobId};

/// The result of a probe.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Whether AWS accepted the request.
    pub outcome: Result<(), Fault>,
    /// How far AWS's clock is ahead of ours, to a second or two; `None`: AWS did not answer.
    pub ahead: Option<SignedDuration>,
}

impl Aws {
    /// DescribeJobs of an id that no job has, signed with our time plus `shift`.
    pub async fn probe(&self, shift: SignedDuration) -> Probe {
        let (last_check, dated) = (self.unhurried(), Dated::default());
        let asked = self.settings.permit.clock().now();
        let call = self.client.describe_jobs().jobs(JobId::nobody().as_str()).customize();
        let call = call.config_override(signed_at(asked + shift));
        let answer = call.interceptor(last_check.clone()).interceptor(dated.clone()).send().await;
        let answered = self.settings.permit.clock().now();
        let date =
            dated.0.lock().unwrap_or_else(PoisonError::into_inner).filter(|_| last_check.is_answered());
        Probe {
            outcome: answer.map(|_| ()).map_err(|error| fault::sort(&error, &last_check)),
            // The date header has no fraction of a second, so half a second is added on average.
            ahead: date.map(|date| {
                let middle = asked + answered.duration_since(asked) / 2;
                (date + SignedDuration::from_millis(500)).duration_since(middle)
            }),
        }
    }
}

/// Reads the date header of the answer.
#[derive(Clone, Debug, Default)]
struct Dated(Arc<Mutex<Option<Timestamp>>>);

impl Intercept for Dated {
    fn name(&self) -> &'static str {
        "Dated"
    }

    fn read_after_transmit(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date").and_then(|date| rfc2822::parse(date).ok());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = date.map(|date| date.timestamp());
        Ok(())
    }
}
