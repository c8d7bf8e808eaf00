//! Queues that are made, or enabled, after AWS refused to submit to them: how soon that is seen, and what it costs.

use std::time::{Duration, Instant};

use aws_batch_operator::api::Phase;
use batch_double::{Config, Fault, Kind, Queue, When};
use serde_json::{Value, json};

use crate::operator::Operator;
use crate::refused::wait_for_reason;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);
const OBJECTS: usize = 300;

fn late() -> Value {
    json!({ "jobQueue": "late", "jobDefinition": "quick" })
}

/// A double without the queue `late`.
fn without_it(name: &str) -> Stage {
    Stage::with(name, &Config { queues: vec!["q".to_owned()], ..Config::default() })
}

/// Waits until the queue was looked at so often.
fn wait_for_looks(stage: &Stage, looks: u64) {
    stage.wait(2 * SOON, "a look at the queue", || stage.double.count("DescribeJobQueues") >= looks);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_queue_that_appears_or_is_enabled_again_is_used_within_twenty_seconds() {
    let stage = without_it("late-queue");
    let _operator = Operator::ready(&stage, &[]);
    for (name, queue) in [("absent", None), ("disabled", Some(Queue { enabled: false, ..Queue::default() }))]
    {
        match queue {
            Some(queue) => stage.double.set_queue("late", queue),
            None => stage.double.delete_queue("late"),
        }
        let looks = stage.double.count("DescribeJobQueues");
        stage.create(name, late());
        wait_for_reason(&stage, name, "Refused");
        wait_for_looks(&stage, looks + 2);
        let (sent, accepted) = (stage.double.count("SubmitJob"), stage.double.accepted());
        let made = Instant::now();
        stage.double.set_queue("late", Queue::default());
        stage.wait(SOON, "it is submitted", || stage.double.accepted() > accepted);
        println!("{name}: submitted {:?} after its queue was made", made.elapsed());
        assert_eq!(stage.double.count("SubmitJob"), sent + 1, "{name}: nobody asked by SubmitJob");
        stage.wait_for_phase(name, Phase::Succeeded, SOON);
    }
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn hundreds_that_wait_for_one_queue_ask_for_it_together() {
    let stage = without_it("late-crowd");
    let _operator = Operator::ready(&stage, &[]);
    stage.create_many(OBJECTS, &late());
    stage.wait(Duration::from_mins(1), "each is refused", || {
        stage.double.count("SubmitJob") >= OBJECTS as u64
    });
    let looks = stage.double.count("DescribeJobQueues");
    wait_for_looks(&stage, looks + 2);
    let sent = stage.double.count("SubmitJob");
    wait_for_looks(&stage, looks + 4);
    assert_eq!(stage.double.count("SubmitJob"), sent, "nobody asks by SubmitJob any more");
    // Those that came before the first look may have been tried a second time.
    assert!(sent <= 2 * OBJECTS as u64, "{sent} requests for {OBJECTS} objects");
    stage.double.set_queue("late", Queue::default());
    stage.wait_until_submitted(OBJECTS, Duration::from_mins(1));
    assert_eq!(stage.double.count("SubmitJob"), sent + OBJECTS as u64);
    stage.assert_exactly_once();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn without_the_permission_a_refused_object_is_tried_again_as_before() {
    let stage = without_it("late-denied");
    stage.double.set_faults(vec![Fault::next("DescribeJobQueues", Kind::Denied, When::Before, 1_000)]);
    let operator = Operator::ready(&stage, &[]);
    stage.create("denied", late());
    stage.wait(2 * SOON, "three tries", || stage.double.count("SubmitJob") >= 3);
    assert!(operator.log().contains("allow batch:DescribeJobQueues"), "{}", operator.log());
    stage.double.set_queue("late", Queue::default());
    stage.wait_for_phase("denied", Phase::Succeeded, 2 * SOON);
}
