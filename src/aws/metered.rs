//! A hook of the port that records every call. Labels come from our enums only.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::aws::hooked::{Hook, Operation};
use crate::job::{Fault, FaultKind};

/// The outcome of a call; `None`: success.
pub type CallOutcome = Option<FaultKind>;

/// Where calls are counted.
pub trait Recorder: Send + Sync {
    /// One call has ended.
    fn call(&self, operation: Operation, outcome: CallOutcome, took: Duration);
}

/// Counts the calls of the port inside.
#[derive(Debug)]
pub struct Metered<R> {
    recorder: R,
    /// The latest denial whose full text is for the log only.
    denied: Mutex<String>,
}

impl<R: Recorder> Metered<R> {
    pub fn new(recorder: R) -> Self {
        Self { recorder, denied: Mutex::default() }
    }

    /// Statuses and Events leave out the identity that was denied. The log has the full text, each text once in a row.
    fn tell_whole(&self, operation: Operation, fault: &Fault) {
        let mut denied = self.denied.lock().unwrap_or_else(PoisonError::into_inner);
        if fault.whole() != fault.message && fault.whole() != *denied {
            fault.whole().clone_into(&mut denied);
            tracing::warn!(operation = operation.as_str(), kind = fault.kind.as_str(), "{denied}");
        }
    }
}

impl<R: Recorder> Hook for Metered<R> {
    fn after(&self, operation: Operation, fault: Option<&Fault>, took: Duration) {
        self.recorder.call(operation, fault.map(|fault| fault.kind), took);
        if let Some(fault) = fault {
            tracing::debug!(operation = operation.as_str(), kind = fault.kind.as_str(), %fault, "AWS call failed");
            self.tell_whole(operation, fault);
        }
    }
}
