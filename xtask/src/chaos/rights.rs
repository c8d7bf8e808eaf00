//! The right to write statuses is taken away for a while, and given back. What was sent meanwhile has its claim only.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use stand::Dice;

use super::kubectl::Kubectl;
use super::world::Shared;
use crate::run::Failure;

/// Its name in the report.
pub const TAKEN: &str = "times the right to write statuses was taken away";

const ROLE: &str = "clusterrole/aws-batch-operator";

/// How long the API server may take to be there again.
const GIVEN_BACK_WITHIN: Duration = Duration::from_mins(1);

/// Takes and gives back until it is time to stop. A run of a minute has no time for a whole one.
pub fn take(shared: &Shared, kubectl: &Kubectl, seed: u64, minutes: u64) {
    let mut dice = Dice::of(seed, 4);
    let (shortest, longest) = if minutes < 5 { (5_000, 12_000) } else { (30_000, 60_000) };
    loop {
        shared.sleep(Duration::from_millis(dice.between(shortest, longest)));
        if shared.is_over() {
            return;
        }
        let hold = Duration::from_millis(dice.between(shortest, longest));
        // The API server may be away just now.
        if change(kubectl, "none").is_ok() {
            shared.tally(TAKEN, 1);
            shared.sleep(hold);
            give_back(kubectl);
        }
    }
}

fn give_back(kubectl: &Kubectl) {
    let begun = Instant::now();
    while let Err(error) = change(kubectl, "update") {
        if begun.elapsed() > GIVEN_BACK_WITHIN {
            println!("the right to write statuses could not be given back: {error}");
            return;
        }
        sleep(Duration::from_millis(200));
    }
}

/// A rule cannot be without a verb.
fn change(kubectl: &Kubectl, verb: &str) -> Result<(), Failure> {
    let role = kubectl.get(ROLE)?;
    let rules = role["rules"].as_array().into_iter().flatten();
    let place = rules.into_iter().position(|rule: &Value| rule["resources"] == json!(["batchjobs/status"]));
    let place = place.ok_or("the operator's role has no rule for statuses")?;
    let path = format!("/rules/{place}/verbs");
    kubectl.patch(ROLE, &json!([{ "op": "replace", "path": path, "value": [verb] }]))
}
