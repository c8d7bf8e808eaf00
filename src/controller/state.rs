//! What `/readyz` and `/metrics` tell of the controller.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::http::Health;
use crate::leader::Leadership;
use crate::poller::Poller;
use crate::telemetry::Metrics;

/// Ready means: the CRD is served, every watch has brought its objects once, and it is known who leads.
pub struct State {
    metrics: Arc<Metrics>,
    poller: Poller,
    leadership: Leadership,
    synced: Vec<AtomicBool>,
}

impl State {
    /// Not ready yet: `scopes` watches are to be synced.
    pub fn new(metrics: Arc<Metrics>, poller: Poller, leadership: Leadership, scopes: usize) -> Self {
        Self { metrics, poller, leadership, synced: (0..scopes).map(|_| AtomicBool::new(false)).collect() }
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
        if !self.is_synced() {
            return Err(
                "waiting for the watch of BatchJobs: is the CRD installed, and the API server there?"
                    .to_owned(),
            );
        }
        if !self.leadership.is_known() {
            return Err("waiting for the lease: may the operator get, create and update it?".to_owned());
        }
        Ok(())
    }

    fn metrics(&self) -> Result<String, std::fmt::Error> {
        self.metrics.encode(self.poller.count(), self.leadership.holds())
    }
}
