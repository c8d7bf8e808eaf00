//! The double as the service of one world: with the world's clock, and a view of its jobs for the judge.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use aws_batch_operator::job::JobId;
use batch_double::{Behaviour, Clock, Config, Core, Hiding, Outlook};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::time::Instant;

use super::super::dice::Dice;
use super::super::job::{Job, Shows};

/// The account that all replicas use.
#[derive(Debug)]
pub struct Account(Mutex<Core>);

impl Account {
    /// An account whose clock shows `now` at this moment.
    pub fn new(now: Timestamp) -> Self {
        let begun = Instant::now();
        let clock = Clock::new(move || {
            let elapsed = SignedDuration::try_from(begun.elapsed()).unwrap();
            (now + elapsed).as_millisecond()
        });
        Self(Mutex::new(Core::new(&Config { limit: None, ..Config::default() }, clock)))
    }

    /// The double itself.
    pub fn core(&self) -> MutexGuard<'_, Core> {
        self.0.lock().unwrap()
    }

    /// A job of another owner.
    pub fn stranger(&self, name: &str, dice: &mut Dice) -> JobId {
        let runs = Behaviour::runs(millis(dice.seconds(60, 600)));
        let mut core = self.core();
        core.set_hiding(Hiding::default());
        core.set_job_behaviour(name, runs);
        let request = json!({ "jobName": name, "jobQueue": "queue", "jobDefinition": "theirs" });
        JobId::new(core.submit(&request).unwrap()).unwrap()
    }

    /// The jobs, as the judge sees them.
    pub fn jobs(&self) -> Vec<Job> {
        self.core().outlooks().into_iter().map(seen).collect()
    }
}

/// The judge's view of a job. No request to it is older than its end.
fn seen(outlook: Outlook) -> Job {
    let view = outlook.job;
    let at = |ms: i64| Timestamp::from_millisecond(ms).unwrap();
    let hides = [outlook.hides.list_ms, outlook.hides.describe_ms, outlook.hides.tags_ms].into_iter().max();
    let created_at = at(view.created_at);
    let runs = outlook.ends_at.map(|ends| Duration::try_from(at(ends).duration_since(created_at)).unwrap());
    let id = JobId::new(view.id).unwrap();
    Job {
        queue: view.queue,
        tags: view.tags,
        shows: Shows::from(created_at + SignedDuration::from_millis(hides.unwrap_or(0))),
        free_at: runs.map(|_| created_at),
        fails: !outlook.is_success,
        ended_by_us_at: outlook.ended_on_request_at.map(at),
        orphaned_at: outlook.orphaned_at.map(at),
        ..Job::running(id, &view.name, created_at, runs.unwrap_or_default())
    }
}

/// Milliseconds, as the double counts time.
pub fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap()
}
