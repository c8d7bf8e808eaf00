//! The last moment before a request goes on the wire: refuses one that is too late or that is no longer ours to send, and
//! remembers whether any went.
//! Whatever fails before this moment has surely not reached AWS.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_batch::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_batch::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_batch::error::BoxError;
use jiff::Timestamp;

use crate::batch::Fence;
use crate::clock::Clock;

/// Watches one call. Cloned into the call; the caller keeps the other half.
#[derive(Clone, Debug)]
pub struct Transmit {
    not_after: Timestamp,
    fence: Fence,
    clock: Clock,
    begun: Arc<AtomicBool>,
}

impl Transmit {
    /// A watch over a call that must not go out after `not_after`, nor while the fence is shut.
    pub fn until(not_after: Timestamp, fence: Fence, clock: Clock) -> Self {
        Self { not_after, fence, clock, begun: Arc::default() }
    }

    /// Whether the request may have reached AWS.
    pub fn has_begun(&self) -> bool {
        self.begun.load(Ordering::SeqCst)
    }
}

impl Intercept for Transmit {
    fn name(&self) -> &'static str {
        "Transmit"
    }

    fn modify_before_transmit(
        &self,
        _context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.clock.now() > self.not_after {
            return Err("the time for sending this request has passed".into());
        }
        if !self.fence.is_open() {
            return Err("another replica of the operator leads by now".into());
        }
        self.begun.store(true, Ordering::SeqCst);
        Ok(())
    }
}
