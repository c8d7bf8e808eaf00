//! A request reaches the double: with a claim or without, with a life for its job, and with the faults of AWS.

use std::time::Duration;

use batch_double::{Behaviour, Call, Delivery, Fault, Hiding, Kind, When};
use jiff::Timestamp;
use serde_json::Value;

use super::super::dice::Dice;
use super::super::wire::Fate;
use super::super::world::World;
use super::account::{Account, millis};

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

impl Account {
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
