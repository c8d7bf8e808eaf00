//! What the server and the handle share: the world and its clock, the script of faults, the lag, the limit and the log.

use serde::{Deserialize, Serialize};

use crate::catalogue::{Definition, Queue};
use crate::clock::Clock;
use crate::fault::Script;
use crate::home::Home;
use crate::limit::Limit;
use crate::log::Log;
use crate::logs::{LogSettings, Logs, Written};
use crate::session::Sessions;
use crate::signature::FRESH_MS;
use crate::view::JobView;
use crate::world::World;

/// How a double begins.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens; port 0: any free one.
    pub listen: String,
    /// The queues; empty: every name is known.
    pub queues: Vec<String>,
    /// The definitions; empty: every name is known.
    pub definitions: Vec<String>,
    /// The limit of calls per second; `None`: no limit.
    pub limit: Option<u32>,
    /// How long a call takes, in milliseconds: half before the service does its work, half after.
    pub delay_ms: u64,
    /// How much of a second each second takes of a `sleepN` job or of a timeout.
    pub scale: f64,
    /// The seed of the dice.
    pub seed: u64,
    /// How far a signature's date may be from the clock, in milliseconds.
    pub fresh_ms: i64,
    /// The account's id.
    pub account: String,
    /// The Region.
    pub region: String,
}

impl Default for Config {
    fn default() -> Self {
        let Home { account, region } = Home::default();
        Self {
            listen: "127.0.0.1:0".to_owned(),
            queues: Vec::new(),
            definitions: Vec::new(),
            limit: Some(50),
            delay_ms: 0,
            scale: 1.0,
            seed: 1,
            fresh_ms: FRESH_MS,
            account,
            region,
        }
    }
}

/// How late reads are, in milliseconds: new jobs and new states alike are seen so much later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Lag {
    /// ListJobs.
    pub list_ms: i64,
    /// DescribeJobs.
    pub describe_ms: i64,
}

/// Everything behind one lock.
#[derive(Debug)]
pub struct Shared {
    /// The account.
    pub world: World,
    /// What goes wrong.
    pub script: Script,
    /// How late reads are.
    pub lag: Lag,
    /// The limit of calls.
    pub limit: Option<Limit>,
    /// How long a call takes.
    pub delay_ms: u64,
    /// How far a signature's date may be from the clock.
    pub fresh_ms: i64,
    /// CloudWatch Logs.
    pub logs: Logs,
    /// The temporary credentials that end.
    pub sessions: Sessions,
    /// The requests.
    pub log: Log,
    /// How far the service's clock is from the given one: signatures and all of the world are judged by the service's.
    pub clock_off_ms: i64,
    /// How far the header `Date` is from the service's clock.
    pub date_off_ms: i64,
    clock: Clock,
    ahead_ms: i64,
}

impl Shared {
    /// As `config` says.
    pub fn new(config: &Config, clock: Clock) -> Self {
        let mut world = World::new(config.scale);
        let catalogue = &mut world.catalogue;
        catalogue.home = Home { account: config.account.clone(), region: config.region.clone() };
        catalogue.has_any_queue = config.queues.is_empty();
        catalogue.has_any_definition = config.definitions.is_empty();
        let queues = config.queues.iter().map(|name| (name.clone(), Some(Queue::default())));
        catalogue.queues.extend(queues);
        let definitions = config.definitions.iter().map(|name| (name.clone(), Definition::default()));
        catalogue.definitions.extend(definitions);
        Self {
            world,
            script: Script::seeded(config.seed),
            lag: Lag::default(),
            limit: config.limit.map(|rate| Limit::per_second(rate, clock.now_ms())),
            delay_ms: config.delay_ms,
            fresh_ms: config.fresh_ms,
            logs: Logs::new(clock.now_ms()),
            sessions: Sessions::default(),
            log: Log::default(),
            clock_off_ms: 0,
            date_off_ms: 0,
            clock,
            ahead_ms: 0,
        }
    }

    /// The service's clock.
    pub fn clock_ms(&self) -> i64 {
        self.clock.now_ms().saturating_add(self.clock_off_ms)
    }

    /// The world's time.
    pub fn now(&self) -> i64 {
        self.clock_ms().saturating_add(self.ahead_ms)
    }

    /// Puts the world's clock forward. It never goes back: what was seen stays true.
    pub fn advance(&mut self, by_ms: u64) {
        self.ahead_ms = self.ahead_ms.saturating_add_unsigned(by_ms).min(AGES_MS);
    }

    /// Sets the limit of calls per second.
    pub fn set_limit(&mut self, per_second: Option<u32>) {
        let now = self.clock_ms();
        self.limit = per_second.map(|rate| Limit::per_second(rate, now));
    }

    /// How the logs behave from now on.
    pub fn set_logs(&mut self, settings: LogSettings) {
        let now = self.now();
        self.logs.set(settings, now);
    }

    /// Writes lines to a log, whoever's it is.
    pub fn write_log(&mut self, written: Written) {
        let now = self.now();
        self.logs.write(&self.world.catalogue.home.region.clone(), written, now);
    }

    /// All jobs ever accepted, in that order.
    pub fn jobs(&self) -> Vec<JobView> {
        let now = self.now();
        self.world.jobs().iter().map(|job| JobView::of(job, now)).collect()
    }
}

/// Ten thousand years: no clock is further ahead.
const AGES_MS: i64 = 10_000 * 366 * 24 * 3600 * 1000;
