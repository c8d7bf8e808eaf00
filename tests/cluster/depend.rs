//! Dependencies by name: in any order, through AWS, and what becomes of those whose parent failed.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::Behaviour;
use serde_json::json;

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_chain_created_in_reverse_runs_in_order() {
    let stage = Stage::new("chain");
    let _operator = Operator::ready(&stage, &[]);
    let after =
        |name: &str| json!({ "jobQueue": "q", "jobDefinition": "quick", "dependsOn": [{ "name": name }] });
    stage.create("third", after("second"));
    stage.create("second", after("first"));
    let waits =
        || stage.get("third").status.unwrap().reason.is_some_and(|reason| reason.contains("BatchJob second"));
    stage.wait(SOON, "third says what it waits for", waits);
    assert_eq!(stage.double.accepted(), 0);
    stage.create("first", json!({ "jobQueue": "q", "jobDefinition": "quick" }));
    stage.wait_for_phase("third", Phase::Succeeded, SOON);
    stage.assert_exactly_once();
    let id = |name: &str| stage.get(name).status.unwrap().job_id.unwrap();
    let of = |name: &str| stage.double.jobs().into_iter().find(|job| job.name == name).unwrap();
    assert_eq!(of("third").request["dependsOn"], json!([{ "jobId": id("second") }]));
    let ended = |name: &str| stage.get(name).status.unwrap().stopped_at.unwrap().0;
    assert!(ended("first") <= ended("second") && ended("second") <= ended("third"));
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_child_of_a_failed_parent_is_never_sent_and_says_which() {
    let stage = Stage::new("orphans");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("bad", Behaviour::fails(1));
    stage.create("bad", json!({ "jobQueue": "q", "jobDefinition": "bad" }));
    stage.wait_for_phase("bad", Phase::Failed, SOON);
    stage.create(
        "child",
        json!({ "jobQueue": "q", "jobDefinition": "quick", "dependsOn": [{ "name": "bad" }] }),
    );
    let status = stage.wait_for_phase("child", Phase::Failed, SOON).status.unwrap();
    assert!(status.reason.unwrap().contains("BatchJob bad failed"));
    assert_eq!(stage.double.accepted(), 1);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_cycle_is_said_at_once() {
    let stage = Stage::new("cycle");
    let _operator = Operator::ready(&stage, &[]);
    let after =
        |name: &str| json!({ "jobQueue": "q", "jobDefinition": "quick", "dependsOn": [{ "name": name }] });
    stage.create("self", after("self"));
    stage.create("one", after("two"));
    stage.create("two", after("one"));
    for name in ["self", "one", "two"] {
        stage.wait_for_phase(name, Phase::Failed, SOON);
    }
    assert_eq!(stage.double.accepted(), 0);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_parent_that_was_deleted_is_not_waited_for_even_after_a_restart() {
    let stage = Stage::new("deleted-parent");
    let mut operator = Operator::ready(&stage, &[]);
    let after =
        |name: &str| json!({ "jobQueue": "q", "jobDefinition": "quick", "dependsOn": [{ "name": name }] });
    stage.create("parent", json!({ "jobQueue": "q", "jobDefinition": "quick", "suspend": true }));
    stage.create("child", after("parent"));
    stage.create("early", after("never-created"));
    let waits = |name: &str, part: &str| {
        let status = stage.get(name).status.unwrap_or_default();
        status.reason.is_some_and(|reason| reason.contains(part))
    };
    stage.wait(SOON, "child has seen its parent", || waits("child", "to have the job of BatchJob parent"));
    stage.wait(SOON, "early waits", || waits("early", "BatchJob never-created to be created"));
    operator.kill();
    stage.kubectl(&["delete", "bj", "parent", "--timeout=5s"]).unwrap();
    let _again = Operator::ready(&stage, &[]);
    let status = stage.wait_for_phase("child", Phase::Failed, SOON).status.unwrap();
    assert_eq!(status.reason.as_deref(), Some("dependsOn: BatchJob parent was deleted"));
    assert_eq!(stage.get("early").status.unwrap().phase, Some(Phase::Pending), "it may yet be created");
    assert_eq!(stage.double.accepted(), 0);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn what_aws_does_not_take_at_once_is_held_back_here() {
    let stage = Stage::new("many-parents");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("first", Behaviour::runs(4_000));
    stage.double.set_behaviour("rest", Behaviour::runs(8_000));
    stage.create("job-first", json!({ "jobQueue": "q", "jobDefinition": "first" }));
    stage.create_many(20, &json!({ "jobQueue": "q", "jobDefinition": "rest" }));
    let names = (0..20).map(|n| format!("job-{n}")).chain(["job-first".to_owned()]);
    let depends_on: Vec<_> = names.map(|name| json!({ "name": name })).collect();
    stage.create("child", json!({ "jobQueue": "q", "jobDefinition": "quick", "dependsOn": depends_on }));
    let held = || {
        let status = stage.get("child").status.unwrap_or_default();
        status.reason.is_some_and(|reason| reason.contains("at most 20 of 21 dependencies are open"))
    };
    stage.wait(SOON, "the child is held back", held);
    stage.wait_for_phase("child", Phase::Succeeded, Duration::from_secs(30));
    let sent = stage.double.jobs().into_iter().find(|job| job.name == "child").unwrap();
    assert_eq!(sent.request["dependsOn"].as_array().unwrap().len(), 20, "one had succeeded by then");
    stage.assert_exactly_once();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn the_type_of_a_dependency_goes_to_aws() {
    let stage = Stage::new("n-to-n");
    let _operator = Operator::ready(&stage, &[]);
    let array = json!({ "size": 2 });
    let after = json!([{ "name": "first", "type": "N_TO_N" }]);
    let second =
        json!({ "jobQueue": "q", "jobDefinition": "quick", "arrayProperties": array, "dependsOn": after });
    stage.create("second", second);
    stage.create("first", json!({ "jobQueue": "q", "jobDefinition": "quick", "arrayProperties": array }));
    stage.wait_for_phase("second", Phase::Succeeded, SOON);
    let id = stage.get("first").status.unwrap().job_id.unwrap();
    let sent = stage.double.jobs().into_iter().find(|job| job.name == "second").unwrap();
    assert_eq!(sent.request["dependsOn"], json!([{ "jobId": id, "type": "N_TO_N" }]));
}
