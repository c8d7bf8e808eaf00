//! How long the tracker pauses after calls that failed. Pure.

use std::time::Duration;

use tokio::time::Instant;

use crate::job::FaultKind;

/// The longest pause after calls that failed.
const PAUSE_MAX: Duration = Duration::from_secs(30);
/// Pauses that grow until AWS describes jobs again.
#[derive(Debug, Default)]
pub struct Pauses {
    has_just_failed: bool,
    pause: Duration,
    until: Option<Instant>,
}

impl Pauses {
    /// The end of the present pause.
    pub fn until(&self) -> Option<Instant> {
        self.until
    }

    /// AWS has described jobs.
    pub fn end(&mut self) {
        *self = Self::default();
    }

    /// AWS has answered a call without jobs. The present pause ends, and its length stays for the next one. A refusal
    /// right after it is about ids.
    pub fn prove(&mut self) {
        self.has_just_failed = false;
        self.until = None;
    }

    /// A call failed, so the pause grows. A refusal while AWS answers costs no pause: the search for the bad id
    /// continues at once.
    pub fn grow(&mut self, kind: FaultKind) {
        let first = match kind {
            FaultKind::Refused if !self.has_just_failed => Duration::ZERO,
            _ => kind.meaning().read_pause,
        };
        self.has_just_failed = true;
        self.pause = if first.is_zero() { first } else { (self.pause * 2).clamp(first, PAUSE_MAX) };
    }

    /// Pauses from now on.
    pub fn begin(&mut self, now: Instant) {
        self.until = Some(now + self.pause);
    }
}
