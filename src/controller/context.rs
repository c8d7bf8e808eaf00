//! The context of all passes. Values that are passed, never globals.

use std::sync::Arc;
use std::time::Duration;

use kube::Client;
use tokio::sync::Semaphore;

use super::bypassed::Bypassed;
use super::dependencies::Dependencies;
use super::memory::Memory;
use super::place::Place;
use super::report::Reporter;
use super::state::State;
use super::wake::Wake;
use super::writes::Writes;
use crate::aws::{Batch, Ender, Permit};
use crate::clock::Clock;
use crate::key::Key;
use crate::leader::Leadership;
use crate::plan::Settings;
use crate::queue::SubmissionQueue;
use crate::tracker::{Lookups, Queues, Tracker};

/// One AWS account and Region, with all that calls AWS there. Today there is one target.
#[derive(Clone)]
pub struct Target {
    pub place: Place,
    pub batch: Arc<dyn Batch>,
    /// The right to send here.
    pub permit: Permit,
    pub queue: SubmissionQueue,
    /// Follows jobs by id.
    pub tracker: Tracker,
    /// Looks for jobs by name.
    pub lookups: Lookups,
    /// Looks at the job queues of objects whose submission AWS refused.
    pub queues: Queues,
    /// Ends jobs.
    pub ender: Ender,
}

/// The context of all passes.
pub struct Context {
    pub clock: Clock,
    pub client: Client,
    /// Whether we may act.
    pub leadership: Leadership,
    pub target: Target,
    /// The settings that the planner reads.
    pub settings: Settings,
    /// The longest time between a claim and its send.
    pub send_within: Duration,
    /// What this process did, and the watch cache does not show yet.
    pub memory: Memory,
    /// Writes the log and Events.
    pub reporter: Reporter,
    /// Wakes an object.
    pub wake: Wake,
    /// Limits the writes of each namespace.
    pub writes: Writes,
    /// Which object waits for which other.
    pub dependencies: Dependencies,
    /// The objects whose finalizer was bypassed.
    pub bypassed: Bypassed,
    pub state: Arc<State>,
    /// Reconciles of one watch at the same time, at most.
    pub concurrency: u16,
    /// Lets as many reconciles of all watches run at the same time.
    pub passes: Semaphore,
}

impl Context {
    /// Forgets an object that was removed during a pass, because the pass has made a new entry for it. The cache drops
    /// an object just before its Delete event is judged. That judgement needs what is known of a job, so such an entry
    /// stays.
    pub fn forget_if_gone(&self, key: &Key) {
        let is_needed = self.bypassed.holds(key) || self.memory.may_have_a_job(key);
        if !self.dependencies.shows(key) && !is_needed {
            self.forget(key);
        }
    }

    /// Forgets an object that was removed.
    pub fn forget(&self, key: &Key) {
        self.dependencies.forget(key);
        self.memory.forget(key);
        self.target.queue.leave(key);
        self.target.tracker.forget(key);
        self.target.lookups.forget(key);
        self.target.queues.forget(key);
    }
}
