//! SIGKILL at any moment of a burst, with reads that lag: no job twice, none lost.

use std::time::Duration;

use batch_double::{Behaviour, Config, Lag};
use serde_json::json;
use stand::Dice;

use crate::operator::Operator;
use crate::stage::Stage;

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn fifty_kills_in_a_burst_of_a_thousand_run_no_job_twice_and_lose_none() {
    // AWS takes half a tenth of a second to answer, so that kills fall before and after acceptance.
    let stage = Stage::with("kill", &Config { delay_ms: 50, fresh_ms: 20_000, ..Config::default() });
    stage.double.set_behaviour("long", Behaviour::forever());
    stage.double.set_lag(Lag { list_ms: 20_000, describe_ms: 5_000 });
    let flags = ["--visibility-window", "25s", "--signature-life", "25s", "--read-rate", "20"];
    let mut operator = Operator::ready(&stage, &flags);
    stage.create_many(1000, &json!({ "jobQueue": "HighPriority", "jobDefinition": "long" }));
    let mut dice = Dice::new(7);
    for _ in 0..50 {
        let before = stage.double.accepted();
        let more = dice.below(25);
        let reached = || stage.double.accepted() >= (before + more).min(1000);
        stage.wait(Duration::from_mins(1), "some more jobs", reached);
        // A moment within the work on a job, not only at its end.
        std::thread::sleep(Duration::from_millis(dice.between(0, 60)));
        operator.kill();
        operator = Operator::ready(&stage, &flags);
    }
    stage.wait_until_submitted(1000, Duration::from_mins(3));
    stage.assert_exactly_once();
    assert_eq!(stage.double.accepted(), 1000);
}
