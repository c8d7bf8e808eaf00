//! All jobs, queues and definitions of one account and Region, with a clock that tests can put forward. No I/O.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::behaviour::Behaviour;
use crate::job::Job;
use crate::life::{Gate, Life, end, life};

/// AWS tells of a finished job for at least so long.
const RETENTION_MS: i64 = 7 * 24 * 3600 * 1000;

/// A job queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Queue {
    /// Whether it takes jobs.
    pub enabled: bool,
    /// Whether it has a fair-share scheduling policy.
    pub fair_share: bool,
}

impl Default for Queue {
    fn default() -> Self {
        Self { enabled: true, fair_share: false }
    }
}

/// A job definition: its active revision.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Definition {
    /// The latest active revision; 0: none is active.
    pub revision: u32,
    /// How its jobs behave; `None`: by its name.
    pub behaviour: Option<Behaviour>,
}

impl Default for Definition {
    fn default() -> Self {
        Self { revision: 1, behaviour: None }
    }
}

/// A job as a test sees it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobView {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// AWS's word for its state now.
    pub status: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// When it was accepted, in milliseconds since 1970.
    pub created_at: i64,
    /// Whether it was asked to end.
    pub is_terminated: bool,
    /// The request as it came.
    pub request: Value,
}

/// The account.
#[derive(Debug, Default)]
pub struct World {
    /// Milliseconds by which the clock is ahead of the wall.
    pub offset_ms: i64,
    /// How much of a second a `sleepN` second takes.
    pub scale: f64,
    /// Whether every name of a queue or definition is known.
    pub open: bool,
    /// The queues, by name.
    pub queues: HashMap<String, Queue>,
    /// The definitions, by name.
    pub definitions: HashMap<String, Definition>,
    /// Behaviours by job name, before those of definitions.
    pub by_name: HashMap<String, Behaviour>,
    /// In the order of acceptance.
    pub jobs: Vec<Job>,
    ids: HashMap<String, usize>,
    names: HashMap<String, Vec<usize>>,
}

impl World {
    /// Takes in a job.
    pub fn insert(&mut self, job: Job) {
        let place = self.jobs.len();
        self.ids.insert(job.id.clone(), place);
        self.names.entry(job.name().to_lowercase()).or_default().push(place);
        self.jobs.push(job);
    }

    /// The job of that id.
    pub fn job(&self, id: &str) -> Option<&Job> {
        self.ids.get(id).map(|place| &self.jobs[*place])
    }

    /// The job of that id, to be changed.
    pub fn job_mut(&mut self, id: &str) -> Option<&mut Job> {
        self.ids.get(id).map(|place| &mut self.jobs[*place])
    }

    /// The jobs of that name in any case, oldest first.
    pub fn named(&self, name: &str) -> impl DoubleEndedIterator<Item = &Job> {
        self.names.get(&name.to_lowercase()).into_iter().flatten().map(|place| &self.jobs[*place])
    }

    /// What the dependencies of `job` allow.
    pub fn gate(&self, job: &Job) -> Gate {
        let mut open_at = job.created_at;
        let mut is_closed = false;
        for id in &job.depends_on {
            let Some(parent) = self.job(id) else { continue };
            match self.end(parent) {
                Some((at, true)) => open_at = open_at.max(at),
                Some((at, false)) => return Gate::Failed(at),
                None => is_closed = true,
            }
        }
        if is_closed { Gate::Closed } else { Gate::Open(open_at) }
    }

    /// When `job` ends and whether well: an array with its last child.
    pub fn end(&self, job: &Job) -> Option<(i64, bool)> {
        let gate = self.gate(job);
        if job.array_size.is_none() {
            return end(job, gate, false);
        }
        let (good, bad) = job.children();
        let ends = [(good > 0).then(|| end(job, gate, false)), (bad > 0).then(|| end(job, gate, true))];
        let mut last = (0, true);
        for end in ends.into_iter().flatten() {
            let (at, well) = end?;
            last = (last.0.max(at), last.1 && well);
        }
        Some(last)
    }

    /// The state of a job, or of an array's parent, at `now`.
    pub fn life(&self, job: &Job, now: i64) -> Life {
        let mut single = life(job, self.gate(job), false, now);
        if job.array_size.is_none() || single.status == "SUBMITTED" {
            return single;
        }
        single.attempts.clear();
        single.exit_code = None;
        match self.end(job) {
            Some((at, well)) if at <= now => {
                single.status = if well { "SUCCEEDED" } else { "FAILED" };
                single.stopped_at = Some(at);
                if !well
                    && single.status_reason.as_deref().is_none_or(|reason| reason.starts_with("Essential"))
                {
                    single.status_reason = Some("Array Child Job failed".to_owned());
                }
            }
            _ => {
                single.status = "PENDING";
                single.status_reason = None;
                single.stopped_at = None;
            }
        }
        single
    }

    /// Whether AWS still tells of the job.
    pub fn is_kept(&self, job: &Job, now: i64) -> bool {
        self.end(job).is_none_or(|(at, _)| now < at + RETENTION_MS)
    }

    /// The job as a test sees it.
    pub fn view(&self, job: &Job, now: i64) -> JobView {
        JobView {
            id: job.id.clone(),
            name: job.name().to_owned(),
            status: self.life(job, now).status.to_owned(),
            tags: serde_json::from_value(job.request["tags"].clone()).unwrap_or_default(),
            created_at: job.created_at,
            is_terminated: job.terminated.is_some(),
            request: job.request.clone(),
        }
    }
}
