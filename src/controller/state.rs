//! The state of the controller for `/readyz` and `/metrics`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::clock;
use crate::http::Health;
use crate::leader::Leadership;
use crate::telemetry::Metrics;
use crate::tracker::Tracker;

/// A refused watch is tried again at least twice in this time. Without a new refusal in it, the watch works.
const REFUSED_FOR: Duration = Duration::from_secs(65);

/// An unchanged problem is logged again after this time.
const TOLD_FOR: Duration = Duration::from_mins(10);

/// Ready means: the CRD is served, every watch has listed its objects once, and the Lease has been read.
pub struct State {
    metrics: Arc<Metrics>,
    tracker: Tracker,
    leadership: Leadership,
    synced: Vec<AtomicBool>,
    trouble: Mutex<Option<(String, Instant)>>,
    refused_at: Mutex<Option<Instant>>,
}

impl State {
    /// Not ready until `scopes` watches are synced.
    pub fn new(metrics: Arc<Metrics>, tracker: Tracker, leadership: Leadership, scopes: usize) -> Self {
        let synced = (0..scopes).map(|_| AtomicBool::new(false)).collect();
        Self { metrics, tracker, leadership, synced, trouble: Mutex::default(), refused_at: Mutex::default() }
    }

    /// The watch of that number has listed all its objects.
    pub fn synced(&self, scope: usize) {
        let was_ready = self.is_synced();
        self.synced[scope].store(true, Ordering::SeqCst);
        *self.refused_at.lock().unwrap_or_else(PoisonError::into_inner) = None;
        if !was_ready && self.is_synced() {
            tracing::info!("ready: BatchJobs are in the cache");
        }
    }

    /// Logs a problem: at once when it changes, and at most every ten minutes while it lasts.
    pub fn trouble(&self, why: String) {
        let (now, mut trouble) =
            (clock::instant(), self.trouble.lock().unwrap_or_else(PoisonError::into_inner));
        let is_told = trouble.as_ref().is_some_and(|(told, at)| *told == why && now < *at + TOLD_FOR);
        if !is_told {
            tracing::warn!("{why}");
            *trouble = Some((why, now));
        }
    }

    /// The API server has refused a watch, so the cache becomes old.
    pub fn refused(&self, why: String) {
        self.trouble(why);
        *self.refused_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(clock::instant());
    }

    /// Whether the cache of this watch is complete. If it is not, an object that is missing from the cache may exist.
    pub fn shows(&self, scope: usize) -> bool {
        self.synced[scope].load(Ordering::SeqCst) && !self.is_refused()
    }

    fn is_refused(&self) -> bool {
        let at = *self.refused_at.lock().unwrap_or_else(PoisonError::into_inner);
        at.is_some_and(|at| clock::instant() < at + REFUSED_FOR)
    }

    fn is_synced(&self) -> bool {
        self.synced.iter().all(|synced| synced.load(Ordering::SeqCst))
    }
}

impl Health for State {
    fn ready(&self) -> Result<(), &'static str> {
        if !self.is_synced() || self.is_refused() {
            return Err("waiting for the API server to show BatchJobs");
        }
        self.leadership.missing().map_or(Ok(()), |_| Err("waiting for the Lease"))
    }

    fn metrics(&self) -> Result<String, std::fmt::Error> {
        self.metrics.encode(self.tracker.count(), self.leadership.holds())
    }
}
