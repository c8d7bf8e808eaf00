//! The handle that tests hold: everything a double can be told or asked, without a socket.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::behaviour::Behaviour;
use crate::catalogue::{Definition, Queue};
use crate::clock::Clock;
use crate::end::terminate;
use crate::fault::Fault;
use crate::job::Hiding;
use crate::log::{Count, Logged};
use crate::logs::{LogSettings, Written};
use crate::server::{Desk, Server};
use crate::shared::{Config, Lag, Shared};
use crate::submit::submit;
use crate::view::JobView;

/// A running double. It ends when this is dropped.
///
/// It runs on a thread of its own, so it serves plain tests and those in a runtime alike.
#[derive(Debug)]
pub struct Double {
    address: String,
    desk: Arc<Desk>,
    server: Option<Server>,
}

impl Double {
    /// Starts listening.
    pub fn start(config: &Config) -> std::io::Result<Self> {
        let desk = Arc::new(Desk::new(Shared::new(config, Clock::wall())));
        let server = Server::start(&config.listen, desk.clone())?;
        Ok(Self { address: server.address().to_string(), desk, server: Some(server) })
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Refuses connections from now on; those that are open are closed.
    pub fn stop_listening(&mut self) {
        self.server = None;
    }

    /// Listens again at the same address, with all its state.
    pub fn listen_again(&mut self) -> std::io::Result<()> {
        if self.server.is_none() {
            self.server = Some(Server::start(&self.address, self.desk.clone())?);
        }
        Ok(())
    }

    /// Accepts a job from somebody else, who makes no request that counts; its id, or why not.
    pub fn submit(&self, request: &Value) -> Result<String, String> {
        let mut shared = self.desk.lock();
        let now = shared.now();
        let id = shared.world.issue_id(now);
        submit(&mut shared.world, request, &id, now).map(|_| id)
    }

    /// Terminates a job, as anyone may who is allowed TerminateJob, by no request that counts. Answers how long the job
    /// takes to stop; `None`: nothing is known of it, or it has ended.
    pub fn terminate(&self, id: &str) -> Option<Duration> {
        let mut shared = self.desk.lock();
        let now = shared.now();
        terminate(&mut shared.world, id, now)
    }

    /// Its time, in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.desk.lock().now()
    }

    /// All jobs ever accepted, in that order.
    pub fn jobs(&self) -> Vec<JobView> {
        self.desk.lock().jobs()
    }

    /// How many jobs were accepted.
    pub fn accepted(&self) -> usize {
        self.desk.lock().world.jobs().len()
    }

    /// The latest requests, oldest first.
    pub fn requests(&self) -> Vec<Logged> {
        self.desk.lock().log.since(0, None)
    }

    /// The latest requests of the operation, oldest first.
    pub fn requests_of(&self, operation: &str) -> Vec<Logged> {
        self.desk.lock().log.since(0, Some(operation))
    }

    /// How many requests there were, by operation and outcome.
    pub fn counts(&self) -> Vec<Count> {
        self.desk.lock().log.counts()
    }

    /// How many requests of the operation there were.
    pub fn count(&self, operation: &str) -> u64 {
        self.desk.lock().log.count(Some(operation))
    }

    /// How many requests there were in all.
    pub fn calls(&self) -> u64 {
        self.desk.lock().log.count(None)
    }

    /// Blocks until so many requests of the operation have come; false: they did not come in time.
    pub fn wait_for_requests(&self, operation: &str, number: u64, within: Duration) -> bool {
        self.desk.wait(within, |shared| shared.log.count(Some(operation)) >= number)
    }

    /// Blocks until it is so of the jobs, in the order of acceptance; false: it was not so in time.
    /// The question may not ask the double itself, which waits with it.
    pub fn wait_for_jobs(&self, within: Duration, is_so: impl Fn(&[JobView]) -> bool) -> bool {
        self.desk.wait(within, |shared| is_so(&shared.jobs()))
    }

    /// Replaces the script of faults.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        self.desk.lock().script.faults = faults;
    }

    /// Nothing goes wrong any more.
    pub fn clear_faults(&self) {
        self.set_faults(Vec::new());
    }

    /// Sets how late reads are.
    pub fn set_lag(&self, lag: Lag) {
        self.desk.lock().lag = lag;
    }

    /// Sets how long jobs hide that are accepted from now on.
    pub fn set_hiding(&self, hiding: Hiding) {
        self.desk.lock().world.hiding = hiding;
    }

    /// Sets how far its clock is from the wall's, in milliseconds: signatures and all of the world are judged by its own.
    pub fn set_clock(&self, off_ms: i64) {
        self.desk.lock().clock_off_ms = off_ms;
    }

    /// Sets how far the header `Date` of its answers is from its clock, in milliseconds.
    pub fn set_date(&self, off_ms: i64) {
        self.desk.lock().date_off_ms = off_ms;
    }

    /// Sets the limit of calls per second; `None`: no limit.
    pub fn set_limit(&self, per_second: Option<u32>) {
        self.desk.lock().set_limit(per_second);
    }

    /// Sets how jobs of that definition behave that are submitted from now on; makes the definition known.
    pub fn set_behaviour(&self, definition: &str, behaviour: Behaviour) {
        let mut shared = self.desk.lock();
        let definitions = &mut shared.world.catalogue.definitions;
        definitions.entry(definition.to_owned()).or_default().behaviour = Some(behaviour);
    }

    /// Sets how jobs of that name behave that are submitted from now on, whatever their definition.
    pub fn set_job_behaviour(&self, job_name: &str, behaviour: Behaviour) {
        self.desk.lock().world.by_name.insert(job_name.to_owned(), behaviour);
    }

    /// Sets how the logs behave from now on.
    pub fn set_logs(&self, settings: LogSettings) {
        self.desk.lock().set_logs(settings);
    }

    /// Writes lines to a log, as anyone may who is allowed PutLogEvents.
    pub fn write_log(&self, written: Written) {
        self.desk.lock().write_log(written);
    }

    /// Credentials with this session token end at this moment, in milliseconds since 1970.
    pub fn end_session(&self, token: &str, at: i64) {
        self.desk.lock().sessions.end(token.to_owned(), at);
    }

    /// Makes a queue, or changes it.
    pub fn set_queue(&self, name: &str, queue: Queue) {
        self.desk.lock().world.catalogue.queues.insert(name.to_owned(), Some(queue));
    }

    /// Deletes a queue with all its jobs.
    pub fn delete_queue(&self, name: &str) {
        self.desk.lock().world.delete_queue(name);
    }

    /// Forgets all jobs, as when their queue was deleted and made again.
    pub fn forget_jobs(&self) {
        self.desk.lock().world.forget_jobs();
    }

    /// Takes all tags off all jobs, as anyone may who is allowed UntagResource.
    pub fn untag_jobs(&self) {
        self.desk.lock().world.untag_jobs();
    }

    /// Puts a tag on a job, as anyone may who is allowed TagResource.
    pub fn tag_job(&self, id: &str, key: &str, value: &str) {
        self.desk.lock().world.tag_job(id, key, value);
    }

    /// Makes a definition, or changes it; revision 0 leaves none active.
    pub fn set_definition(&self, name: &str, definition: Definition) {
        self.desk.lock().world.catalogue.definitions.insert(name.to_owned(), definition);
    }

    /// Puts the world's time forward. Signatures are still judged by the clock.
    pub fn advance(&self, by: Duration) {
        self.desk.lock().advance(u64::try_from(by.as_millis()).unwrap_or(u64::MAX));
    }
}
