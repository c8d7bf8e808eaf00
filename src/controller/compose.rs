//! Builds the context of all passes from the parts that the process is given. The program and the tests that run it in
//! memory both use this.

use std::sync::Arc;
use std::time::Duration;

use kube::Client;
use kube::runtime::reflector::Store;
use tokio::sync::Semaphore;

use super::bypassed::Bypassed;
use super::cached::Cached;
use super::context::{Context, Target};
use super::dependencies::Dependencies;
use super::memory::Memory;
use super::place::Place;
use super::report::Reporter;
use super::state::State;
use super::wake::Wake;
use super::writes::Writes;
use crate::aws::{Batch, Ender, Permit};
use crate::clock::Clock;
use crate::leader::Leadership;
use crate::plan::Settings;
use crate::queue::SubmissionQueue;
use crate::telemetry::Metrics;
use crate::tracker::{Listing, Lookups, Queues, Tracker};

/// What the process is given from outside.
pub struct Parts {
    pub clock: Clock,
    pub client: Client,
    pub batch: Arc<dyn Batch>,
    pub permit: Permit,
    /// Whether we may act.
    pub leadership: Leadership,
    /// The AWS account and Region.
    pub place: Place,
    /// Writes the log and Events.
    pub reporter: Reporter,
    /// Where things are counted.
    pub metrics: Arc<Metrics>,
}

/// The limits of concurrency and of rates.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// SubmitJob calls per second, at most.
    pub submit_rate: u32,
    /// Shortest time between two looks at one job.
    pub min_poll_interval: Duration,
    /// Longest time between a claim and its send.
    pub send_within: Duration,
    /// Reconciles at the same time, at most.
    pub concurrency: u16,
    /// When to list a job queue.
    pub listing: Listing,
}

/// The cache of one watch, and its namespace; `None`: all namespaces.
pub type Cache = (Option<String>, Store<Cached>);

/// All parts, before it is known which cluster this is.
pub struct Assembly {
    parts: Parts,
    bounds: Bounds,
    caches: Vec<Cache>,
    target: Target,
    pub state: Arc<State>,
}

impl Assembly {
    /// Must be called inside the runtime.
    pub fn new(parts: Parts, bounds: Bounds, caches: Vec<Cache>) -> Self {
        let target = Target {
            place: parts.place.clone(),
            batch: parts.batch.clone(),
            permit: parts.permit.clone(),
            queue: SubmissionQueue::new(bounds.submit_rate),
            tracker: Tracker::new(bounds.min_poll_interval, bounds.listing),
            lookups: Lookups::new(bounds.listing),
            queues: Queues::default(),
            ender: Ender::start(parts.batch.clone()),
        };
        let (metrics, leadership) = (parts.metrics.clone(), parts.leadership.clone());
        let state = Arc::new(State::new(metrics, target.tracker.clone(), leadership, caches.len()));
        Self { parts, bounds, caches, target, state }
    }

    /// The context of all passes.
    pub fn context(self, settings: Settings, wake: Wake) -> Arc<Context> {
        let Self { parts, bounds, caches, target, state } = self;
        let Parts { clock, client, leadership, reporter, batch: _, permit: _, place: _, metrics: _ } = parts;
        let Bounds { send_within, concurrency, submit_rate: _, min_poll_interval: _, listing: _ } = bounds;
        Arc::new(Context {
            clock,
            client,
            leadership,
            target,
            settings,
            send_within,
            memory: Memory::default(),
            reporter,
            writes: Writes::new(concurrency, wake.clone()),
            wake,
            dependencies: Dependencies::new(caches),
            bypassed: Bypassed::default(),
            state,
            concurrency,
            passes: Semaphore::new(concurrency.into()),
        })
    }
}
