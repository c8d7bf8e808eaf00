//! The double as the service of one world: with the world's clock, random jobs, and a view of them for the judge.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use aws_batch_operator::job::JobId;
use batch_double::{Behaviour, Call, Clock, Config, Core, Delivery, Fault, Hiding, Kind, Outlook, When};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::super::dice::Dice;
use super::super::job::{Job, Shows};
use super::super::wire::Fate;
use super::super::world::World;

/// The faults of AWS: refusals, failures, and losses of answers after the work was done.
const REFUSED: [Kind; 3] = [Kind::Throttled, Kind::Refused, Kind::Denied];
const FAILED: [Kind; 6] =
    [Kind::ServerError, Kind::Unavailable, Kind::Drop, Kind::Empty, Kind::Hollow, Kind::Html];
const DONE_AND_FAILED: [Kind; 7] = [
    Kind::ServerError,
    Kind::Unavailable,
    Kind::Drop,
    Kind::Truncated,
    Kind::Empty,
    Kind::Hollow,
    Kind::Html,
];

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

    fn core(&self) -> MutexGuard<'_, Core> {
        self.0.lock().unwrap()
    }

    /// A request reaches AWS. Its fate decides the answer.
    pub fn arrive(&self, world: &World, call: &Call, fate: Fate) -> Delivery {
        let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
        if call.path == "/v1/submitjob" {
            is_claimed(world, call, &body);
            self.prepare(world, &body);
        }
        let fault = world.roll(|dice| fault(fate, dice, world.weather.lag));
        let mut core = self.core();
        core.set_faults(fault.into_iter().collect());
        core.answer(call)
    }

    /// Sets the life of the job that AWS is about to accept, and how long it is hidden.
    fn prepare(&self, world: &World, body: &Value) {
        // A read may use a view that is older by a quarter of the lag.
        let hidden = world.weather.lag * 3 / 4;
        let shortest = world.aws().shortest;
        let (behaviour, hiding) = world.roll(|dice| {
            let mut hides = || millis(dice.millis(0, 1) + dice.seconds(0, hidden.as_secs()));
            let hiding = Hiding { list_ms: hides(), describe_ms: hides(), tags_ms: hides() };
            let behaviour = Behaviour {
                runnable_ms: millis(dice.seconds(5, 60)),
                running_ms: millis(shortest + dice.seconds(10, 400)),
                exit_code: i32::from(dice.percent(20)),
                ..Behaviour::default()
            };
            (behaviour, hiding)
        });
        let mut core = self.core();
        core.set_hiding(hiding);
        core.set_job_behaviour(body["jobName"].as_str().unwrap_or_default(), behaviour);
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

/// Checks that a SubmitJob was claimed, and is signed with the time of its claim.
fn is_claimed(world: &World, call: &Call, body: &Value) {
    let uid = &body["tags"]["awsbatch.dev/uid"];
    let signed = call.headers["x-amz-date"].to_str().unwrap();
    let is_its = |claim: &Value| {
        let at: Option<Timestamp> = claim["at"].as_str().and_then(|at| at.parse().ok());
        claim["uid"] == *uid && at.is_some_and(|at| at.strftime("%Y%m%dT%H%M%SZ").to_string() == signed)
    };
    if !world.rest(|rest| rest.claims.iter().any(is_its)) {
        world.broken(format!("a job of {uid} was sent without a claim, or signed at another time: {signed}"));
    }
}

fn fault(fate: Fate, dice: &mut Dice, lag: Duration) -> Option<Fault> {
    let (kind, when) = match fate {
        Fate::Refused => (*dice.pick(&REFUSED), When::Before),
        Fate::Failed => (*dice.pick(&FAILED), When::Before),
        Fate::DoneAndFailed => (*dice.pick(&DONE_AND_FAILED), When::After),
        _ if dice.percent(5) => {
            let age = dice.millis(0, u64::try_from(lag.as_millis()).unwrap() / 4);
            let age = u64::try_from(age.as_millis()).unwrap();
            return Some(Fault::next("*", Kind::Stale, When::Before, 1).late_by_ms(age));
        }
        _ => return None,
    };
    Some(Fault::next("*", kind, when, 1))
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

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap()
}
