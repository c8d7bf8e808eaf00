//! Threads that are held up: the operator's log goes into a pipe that nobody reads, so that every pass stands still at its
//! next line.

use std::cell::Cell;
use std::process::Stdio;
use std::time::{Duration, Instant};

use batch_double::Behaviour;
use serde_json::json;

use crate::operator::Operator;
use crate::stage::Stage;

/// Three lines of 200 bytes for each are ten times what a pipe holds.
const OBJECTS: usize = 1_000;

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn passes_that_stand_still_cost_neither_the_lease_nor_the_probe() {
    let stage = Stage::new("blocked");
    stage.double.set_behaviour("long", Behaviour::forever());
    let flags = ["--lease-duration", "4s", "--renew-deadline", "3s", "--retry-period", "500ms"];
    let operator = Operator::start_with(&stage, &flags, |command| {
        command.stderr(Stdio::piped());
    });
    operator.wait_until_ready(Duration::from_secs(20));
    stage.create_many(OBJECTS, &json!({ "jobQueue": "q", "jobDefinition": "long" }));
    let accepted = || stage.double.accepted();
    let last = Cell::new((accepted(), Instant::now()));
    stage.wait(Duration::from_mins(2), "every pass stands still for twice the Lease's duration", || {
        if accepted() != last.get().0 {
            last.set((accepted(), Instant::now()));
        }
        last.get().1.elapsed() > Duration::from_secs(8)
    });
    assert!(accepted() < OBJECTS, "nothing was held up");
    assert_eq!(operator.get("/livez").map(|(status, _)| status), Some(200));
    assert!(operator.leads());
}
