//! What the server and the tests share: the world, the script of faults, the lag, the limit, and the log of requests.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::behaviour::Behaviour;
use crate::fault::Script;
use crate::limit::Limit;
use crate::world::{Definition, Queue, World};

/// The log keeps so many requests; the counters keep all.
const LOGGED: usize = 200_000;

/// How a double begins.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens; port 0: any free one.
    pub listen: String,
    /// The queues; empty, and `definitions` too: every name is known.
    pub queues: Vec<String>,
    /// The definitions.
    pub definitions: Vec<String>,
    /// The limit of calls per second; `None`: no limit.
    pub limit: Option<u32>,
    /// How much of a second a `sleepN` second takes.
    pub scale: f64,
    /// The seed of the dice.
    pub seed: u64,
    /// How long a call takes, in milliseconds: half before the service does its work, half after.
    pub delay_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:0".to_owned(),
            queues: Vec::new(),
            definitions: Vec::new(),
            limit: Some(50),
            scale: 1.0,
            seed: 1,
            delay_ms: 0,
        }
    }
}

/// How late reads are, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Lag {
    /// ListJobs.
    pub list_ms: i64,
    /// DescribeJobs.
    pub describe_ms: i64,
}

/// One request, as it was answered.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Logged {
    /// Counts up from 1.
    pub seq: u64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// AWS's name of the operation.
    pub operation: &'static str,
    /// `amz-sdk-invocation-id`: the same for all tries of one SDK call.
    pub invocation_id: Option<String>,
    /// `x-amz-date`: what the request was signed with.
    pub signed_at: Option<String>,
    /// The body.
    pub body: Value,
    /// The HTTP status, or the fault that was played.
    pub outcome: String,
    /// The job that was accepted.
    pub job_id: Option<String>,
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
    /// How long a call takes.
    pub delay_ms: u64,
    /// The limit of calls.
    pub limit: Option<Limit>,
    /// The latest requests.
    pub log: VecDeque<Logged>,
    /// How many requests there were, by operation and outcome.
    pub counts: BTreeMap<(&'static str, String), u64>,
    next_seq: u64,
}

impl Shared {
    /// As `config` says.
    pub fn new(config: &Config) -> Self {
        let mut world = World::default();
        world.scale = config.scale;
        world.open = config.queues.is_empty() && config.definitions.is_empty();
        world.queues.extend(config.queues.iter().map(|name| (name.clone(), Queue::default())));
        world.definitions.extend(config.definitions.iter().map(|name| (name.clone(), Definition::default())));
        Self {
            world,
            script: Script::seeded(config.seed),
            lag: Lag::default(),
            delay_ms: config.delay_ms,
            limit: config.limit.map(|rate| Limit::per_second(rate, wall_ms())),
            log: VecDeque::new(),
            counts: BTreeMap::new(),
            next_seq: 1,
        }
    }

    /// The world's time.
    pub fn now(&self) -> i64 {
        wall_ms() + self.world.offset_ms
    }

    /// How the jobs of this request behave.
    pub fn behaviour(&self, job_name: &str, definition: &str) -> Behaviour {
        let by_definition =
            self.world.definitions.get(definition).and_then(|definition| definition.behaviour.as_ref());
        let set = self.world.by_name.get(job_name).or(by_definition).cloned();
        set.unwrap_or_else(|| Behaviour::of_definition(definition, self.world.scale))
    }

    /// Writes a request to the log.
    pub fn record(&mut self, mut entry: Logged) {
        entry.seq = self.next_seq;
        self.next_seq += 1;
        *self.counts.entry((entry.operation, entry.outcome.clone())).or_default() += 1;
        if self.log.len() == LOGGED {
            self.log.pop_front();
        }
        self.log.push_back(entry);
    }
}

/// Milliseconds since 1970 on the wall.
#[allow(clippy::disallowed_methods, reason = "the double is a service with a clock of its own")]
pub fn wall_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
