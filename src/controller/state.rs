//! What `/readyz` and `/metrics` tell of the controller.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::http::Health;
use crate::poller::Poller;
use crate::telemetry::Metrics;

/// Ready means: the CRD is served, and every watch has brought its objects once.
pub struct State {
    metrics: Arc<Metrics>,
    poller: Poller,
    synced: Vec<AtomicBool>,
}

impl State {
    /// Not ready yet: `scopes` watches are to be synced.
    pub fn new(metrics: Arc<Metrics>, poller: Poller, scopes: usize) -> Self {
        Self { metrics, poller, synced: (0..scopes).map(|_| AtomicBool::new(false)).collect() }
    }

    /// The watch of that number has brought all its objects.
    pub fn synced(&self, scope: usize) {
        let was_ready = self.is_synced();
        self.synced[scope].store(true, Ordering::SeqCst);
        if !was_ready && self.is_synced() {
            tracing::info!("ready: BatchJobs are in the cache");
        }
    }

    fn is_synced(&self) -> bool {
        self.synced.iter().all(|synced| synced.load(Ordering::SeqCst))
    }
}

impl Health for State {
    fn ready(&self) -> Result<(), String> {
        if self.is_synced() {
            return Ok(());
        }
        Err("waiting for the watch of BatchJobs: is the CRD installed, and the API server there?".to_owned())
    }

    fn metrics(&self) -> Result<String, std::fmt::Error> {
        self.metrics.encode(self.poller.count())
    }
}
