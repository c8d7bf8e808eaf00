//! What every pass is given. Values that are passed, never globals.

use std::sync::Arc;
use std::time::Duration;

use kube::Client;

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

/// One AWS account and Region, and all that talks to it. Today there is one.
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
    /// Looks at the queues of those that AWS refused.
    pub queues: Queues,
    /// Ends jobs.
    pub ender: Ender,
}

/// What every pass is given.
pub struct Context {
    pub clock: Clock,
    pub client: Client,
    /// Whether we may act.
    pub leadership: Leadership,
    pub target: Target,
    /// What the planner knows of us.
    pub settings: Settings,
    /// The longest time between a claim and its send.
    pub send_within: Duration,
    /// What this process did and the cache does not show.
    pub memory: Memory,
    /// Tells the world.
    pub reporter: Reporter,
    /// Wakes an object.
    pub wake: Wake,
    /// Who may write now.
    pub writes: Writes,
    /// Who waits for whom.
    pub dependencies: Dependencies,
    /// What went in spite of our finalizer.
    pub bypassed: Bypassed,
    pub state: Arc<State>,
    /// Reconciles at once.
    pub concurrency: u16,
}

impl Context {
    /// Forgets an object that went while a pass was at work on it: the pass has remembered it once more. The cache loses an
    /// object just before its deletion is judged, and what is known of a job decides there: it is kept.
    pub fn forget_if_gone(&self, key: &Key) {
        let is_needed = self.bypassed.holds(key) || self.memory.may_have_a_job(key);
        if !self.dependencies.shows(key) && !is_needed {
            self.forget(key);
        }
    }

    /// Forgets an object that is gone.
    pub fn forget(&self, key: &Key) {
        self.dependencies.forget(key);
        self.memory.forget(key);
        self.target.queue.leave(key);
        self.target.tracker.forget(key);
        self.target.lookups.forget(key);
        self.target.queues.forget(key);
    }
}
