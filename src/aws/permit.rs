//! The right to send: whether a request may be sent now. The last code before the wire checks it, in production and in
//! the simulation.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::clock::Clock;

/// The right to send. A value that goes with the call. Cheap to clone.
#[derive(Clone)]
pub struct Permit {
    may_act: Arc<dyn Fn() -> bool + Send + Sync>,
    clock: Clock,
    not_after: Option<Timestamp>,
}

impl Permit {
    /// Holds while `may_act` is true. For calls that do no harm when they are late.
    pub fn new(clock: Clock, may_act: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { may_act: Arc::new(may_act), clock, not_after: None }
    }

    /// Always holds.
    pub fn always(clock: Clock) -> Self {
        Self::new(clock, || true)
    }

    /// Limits the permit to one object's request, which must not be sent after this time.
    #[must_use]
    pub fn until(self, not_after: Timestamp) -> Self {
        Self { not_after: Some(not_after), ..self }
    }

    /// Whether a request may be sent at this moment. `Err` says why not.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.not_after.is_some_and(|not_after| self.clock.now() > not_after) {
            return Err("the time for sending this request has passed");
        }
        if !(self.may_act)() {
            return Err("another replica of the operator leads by now");
        }
        Ok(())
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Permit").field(&self.check()).finish()
    }
}
