//! The service as a library: without a socket, a thread or a clock of its own. Who brings a network and a clock plays
//! its deliveries himself.

use serde_json::Value;

use crate::answer::{Call, answer};
use crate::behaviour::Behaviour;
use crate::catalogue::{Definition, Queue};
use crate::clock::Clock;
use crate::delivery::Delivery;
use crate::fault::Fault;
use crate::job::Hiding;
use crate::log::Logged;
use crate::logs::{LogSettings, Written};
use crate::shared::{Config, Lag, Shared};
use crate::submit::submit;
use crate::view::{JobView, Outlook};

/// One account in one Region. The same calls at the same moments have the same answers.
#[derive(Debug)]
pub struct Core(Shared);

impl Core {
    /// As `config` says, by this clock. Where to listen and how long a call takes are the caller's matter.
    pub fn new(config: &Config, clock: Clock) -> Self {
        Self(Shared::new(config, clock))
    }

    /// Carries out one request, now.
    pub fn answer(&mut self, call: &Call) -> Delivery {
        Delivery::of(answer(&mut self.0, call))
    }

    /// Accepts a job from somebody else, who makes no request that counts; its id, or why not.
    pub fn submit(&mut self, request: &Value) -> Result<String, String> {
        let now = self.0.now();
        let id = self.0.world.issue_id(now);
        submit(&mut self.0.world, request, &id, now).map(|_| id)
    }

    /// All jobs ever accepted, in that order.
    pub fn jobs(&self) -> Vec<JobView> {
        self.0.jobs()
    }

    /// All jobs ever accepted, in that order, with what lies ahead of them.
    pub fn outlooks(&self) -> Vec<Outlook> {
        let now = self.0.now();
        self.0.world.jobs().iter().map(|job| Outlook::of(job, now)).collect()
    }

    /// The latest requests, oldest first.
    pub fn requests(&self) -> Vec<Logged> {
        self.0.log.since(0, None)
    }

    /// Replaces the script of faults.
    pub fn set_faults(&mut self, faults: Vec<Fault>) {
        self.0.script.faults = faults;
    }

    /// Sets how late reads are.
    pub fn set_lag(&mut self, lag: Lag) {
        self.0.lag = lag;
    }

    /// Sets how long jobs hide that are accepted from now on.
    pub fn set_hiding(&mut self, hiding: Hiding) {
        self.0.world.hiding = hiding;
    }

    /// Sets how far the service's clock is from the one it was given, in milliseconds.
    pub fn set_clock(&mut self, off_ms: i64) {
        self.0.clock_off_ms = off_ms;
    }

    /// Sets how far the header `Date` of its answers is from its clock, in milliseconds.
    pub fn set_date(&mut self, off_ms: i64) {
        self.0.date_off_ms = off_ms;
    }

    /// Sets how jobs of that name behave that are submitted from now on, whatever their definition.
    pub fn set_job_behaviour(&mut self, job_name: &str, behaviour: Behaviour) {
        self.0.world.by_name.insert(job_name.to_owned(), behaviour);
    }

    /// Sets how jobs of that definition behave that are submitted from now on; makes the definition known.
    pub fn set_behaviour(&mut self, definition: &str, behaviour: Behaviour) {
        let definitions = &mut self.0.world.catalogue.definitions;
        definitions.entry(definition.to_owned()).or_default().behaviour = Some(behaviour);
    }

    /// Makes a definition, or changes it.
    pub fn set_definition(&mut self, name: &str, definition: Definition) {
        self.0.world.catalogue.definitions.insert(name.to_owned(), definition);
    }

    /// Sets how the logs behave from now on.
    pub fn set_logs(&mut self, settings: LogSettings) {
        self.0.set_logs(settings);
    }

    /// Writes lines to a log, as anyone may who is allowed PutLogEvents.
    pub fn write_log(&mut self, written: Written) {
        self.0.write_log(written);
    }

    /// Credentials with this session token end at this moment, in milliseconds since 1970.
    pub fn end_session(&mut self, token: &str, at: i64) {
        self.0.sessions.end(token.to_owned(), at);
    }

    /// Makes a queue, or changes it.
    pub fn set_queue(&mut self, name: &str, queue: Queue) {
        self.0.world.catalogue.queues.insert(name.to_owned(), Some(queue));
    }

    /// Deletes a queue with all its jobs.
    pub fn delete_queue(&mut self, name: &str) {
        self.0.world.delete_queue(name);
    }
}
