//! What the threads of a run share: AWS Batch, the end of the run, and what was done so far.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use batch_double::Double;

/// Shared by the threads of a run.
#[derive(Debug)]
pub struct Shared {
    double: Mutex<Double>,
    tallies: Mutex<BTreeMap<&'static str, usize>>,
    until: Instant,
}

impl Shared {
    /// A run of this double until then.
    pub fn new(double: Double, until: Instant) -> Self {
        Self { double: Mutex::new(double), tallies: Mutex::default(), until }
    }

    /// AWS Batch.
    pub fn double(&self) -> MutexGuard<'_, Double> {
        self.double.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether no more harm is to be done.
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    /// Sleeps until then, or until the end of the run.
    pub fn sleep_until(&self, moment: Instant) {
        sleep(moment.min(self.until).saturating_duration_since(Instant::now()));
    }

    /// Sleeps so long, or until the end of the run.
    pub fn sleep(&self, duration: Duration) {
        self.sleep_until(Instant::now() + duration);
    }

    /// Counts what was done.
    pub fn tally(&self, what: &'static str, number: usize) {
        *self.tallies.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_default() += number;
    }

    /// What was done.
    pub fn tallies(&self) -> BTreeMap<&'static str, usize> {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
