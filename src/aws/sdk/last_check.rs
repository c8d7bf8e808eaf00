//! The last check before a request is sent. It refuses a request that is too late, that is not signed with its claim's
//! time, or that we may no longer send. It records whether a request was sent, and whether AWS answered. A failure
//! before this check has certainly not reached AWS.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_batch::config::interceptors::{
    BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_batch::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_batch::error::BoxError;
use jiff::Timestamp;

use super::http::Carrier;
use crate::aws::Permit;

/// AWS's front ends put one of these headers on every answer. An answer of a proxy itself has neither.
const REQUEST_ID: [&str; 2] = ["x-amzn-requestid", "x-amz-request-id"];

/// Watches one call. The call and its caller each keep a clone.
#[derive(Clone, Debug)]
pub struct LastCheck {
    permit: Permit,
    /// The time that the request must be signed with.
    claimed_at: Option<Timestamp>,
    seen: Arc<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    begun: AtomicBool,
    carrier: Carrier,
    answered: AtomicBool,
}

impl LastCheck {
    /// For a call that is allowed while the permit holds.
    pub fn new(permit: Permit) -> Self {
        Self { permit, claimed_at: None, seen: Arc::default() }
    }

    /// For a SubmitJob, which must be signed with its claim's time.
    pub fn signed_at(self, claimed_at: Timestamp) -> Self {
        Self { claimed_at: Some(claimed_at), ..self }
    }

    /// Whether the request may have reached AWS.
    pub fn has_begun(&self) -> bool {
        self.seen.begun.load(Ordering::SeqCst) && !self.seen.carrier.is_surely_none()
    }

    /// Whether the answer, of any kind, came from AWS itself.
    pub fn is_answered(&self) -> bool {
        self.seen.answered.load(Ordering::SeqCst)
    }
}

/// `signature`: the signing time in the request.
fn check_signature(claimed_at: Timestamp, signature: Option<&str>) -> Result<(), BoxError> {
    let claimed = claimed_at.strftime("%Y%m%dT%H%M%SZ").to_string();
    let signature = signature.unwrap_or("nothing");
    if signature == claimed {
        return Ok(());
    }
    // AWS would accept the request for longer than the protocol assumes, or not at all.
    Err(format!("the request is signed with {signature}, and not with its claim's time, {claimed}").into())
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
        if let Some(claimed_at) = self.claimed_at {
            check_signature(claimed_at, context.request().headers().get("x-amz-date"))?;
        }
        self.permit.check()?;
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
