//! The last moment before a request goes on the wire: refuses one that is too late, that is not signed with its claim's
//! time, or that is no longer ours to send. Remembers whether any went, and whether AWS answered.
//! Whatever fails before this moment has surely not reached AWS.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_batch::config::interceptors::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_batch::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_batch::error::BoxError;
use jiff::Timestamp;

use super::http::Carrier;
use super::settings::Settings;
use crate::aws::Fence;
use crate::clock::Clock;

/// AWS's front ends put one of these on every answer; a proxy's own answer has neither.
const REQUEST_ID: [&str; 2] = ["x-amzn-requestid", "x-amz-request-id"];

/// Watches one call. Cloned into the call; the caller keeps the other half.
#[derive(Clone, Debug)]
pub struct LastCheck {
    clock: Clock,
    fence: Fence,
    limits: Option<Limits>,
    seen: Arc<Seen>,
}

/// What must be true of a SubmitJob when it goes out.
#[derive(Clone, Copy, Debug)]
struct Limits {
    not_after: Timestamp,
    signed_at: Timestamp,
}

#[derive(Debug, Default)]
struct Seen {
    begun: AtomicBool,
    carrier: Carrier,
    answered: AtomicBool,
}

impl LastCheck {
    /// A watch over a call that does no harm when it is late.
    pub fn at_any_time(settings: &Settings) -> Self {
        Self {
            clock: settings.clock.clone(),
            fence: settings.fence.clone(),
            limits: None,
            seen: Arc::default(),
        }
    }

    /// A watch over a call that must be signed with `signed_at`, and must not go out after `not_after`.
    pub fn within(settings: &Settings, signed_at: Timestamp, not_after: Timestamp) -> Self {
        Self { limits: Some(Limits { not_after, signed_at }), ..Self::at_any_time(settings) }
    }

    /// Whether the request may have reached AWS.
    pub fn has_begun(&self) -> bool {
        self.seen.begun.load(Ordering::SeqCst) && !self.seen.carrier.is_surely_none()
    }

    /// Whether AWS itself answered, whatever it said.
    pub fn is_answered(&self) -> bool {
        self.seen.answered.load(Ordering::SeqCst)
    }
}

impl Limits {
    /// `signature`: the time that the request bears, as AWS will read it.
    fn check(&self, now: Timestamp, signature: Option<&str>) -> Result<(), BoxError> {
        if now > self.not_after {
            return Err("the time for sending this request has passed".into());
        }
        let claimed = self.signed_at.strftime("%Y%m%dT%H%M%SZ").to_string();
        let signature = signature.unwrap_or("nothing");
        if signature != claimed {
            // AWS would take it for longer than this protocol believes, or not at all.
            return Err(format!(
                "the request is signed with {signature}, and not with its claim's time, {claimed}"
            )
            .into());
        }
        Ok(())
    }
}

impl Intercept for LastCheck {
    fn name(&self) -> &'static str {
        "LastCheck"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(limits) = self.limits {
            limits.check(self.clock.now(), context.request().headers().get("x-amz-date"))?;
        }
        if !self.fence.is_open() {
            return Err("another replica of the operator leads by now".into());
        }
        context.request_mut().add_extension(self.seen.carrier.clone());
        self.seen.begun.store(true, Ordering::SeqCst);
        Ok(())
    }

    fn read_after_transmit(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.response().headers();
        let is_awss = REQUEST_ID.iter().any(|name| headers.get(*name).is_some());
        self.seen.answered.store(is_awss, Ordering::SeqCst);
        Ok(())
    }
}
