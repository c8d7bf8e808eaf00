//! Arrays and multi-node jobs: which parts failed, why, and what it costs to find out.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::{Behaviour, Definition, Fault, Kind, When};
use serde_json::{Value, json};

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(30);

fn array(size: i32) -> Value {
    json!({ "jobQueue": "q", "jobDefinition": "some", "arrayProperties": { "size": size } })
}

fn failing(stage: &Stage, indexes: impl IntoIterator<Item = i32>) {
    let reason = Some("OutOfMemoryError: container killed".to_owned());
    let failing_indexes = indexes.into_iter().collect();
    stage.double.set_behaviour("some", Behaviour { failing_indexes, reason, ..Behaviour::runs(4000) });
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_array_that_failed_names_its_failed_children_and_the_first_ones_reason() {
    let stage = Stage::new("failed-children");
    let _operator = Operator::ready(&stage, &[]);
    failing(&stage, [1, 3, 4, 5]);
    stage.create("some", array(10));
    stage.wait_for_phase("some", Phase::Running, SOON);
    assert_eq!(stage.double.count("ListJobs"), 0, "not while it runs");
    stage.kubectl(&["wait", "--for=condition=Failed", "bj/some", "--timeout=20s"]).unwrap();
    let get =
        |path: &str| stage.kubectl(&["get", "bj", "some", "-o", &format!("jsonpath={{{path}}}")]).unwrap();
    assert_eq!(get(".status.array.failedIndexes"), "1,3-5");
    assert_eq!(get(".status.array.statusSummary.FAILED"), "4");
    assert_eq!((get(".status.exitCode"), get(".status.failed")), ("1".to_owned(), "1".to_owned()));
    let reason = get(".status.reason");
    assert!(reason.contains("child 1: ") && reason.contains("OutOfMemoryError"), "{reason}");
    assert!(get(".status.logs.stream").starts_with("some/default/"));
    assert_eq!(stage.double.count("ListJobs"), 1);
    let described: Vec<_> = stage
        .double
        .requests_of("DescribeJobs")
        .into_iter()
        .filter(|request| request.body["jobs"][0].as_str().is_some_and(|id| id.ends_with(":1")))
        .collect();
    assert_eq!(described.len(), 1, "one look at one child");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn ten_thousand_children_cost_five_listings_and_four_kilobytes() {
    let stage = Stage::new("many-children");
    let _operator = Operator::ready(&stage, &[]);
    failing(&stage, (0..10_000).filter(|n| n % 2 == 1));
    stage.create("some", array(10_000));
    let status = stage.wait_for_phase("some", Phase::Failed, SOON).status.unwrap();
    assert_eq!((status.succeeded, status.failed), (Some(0), Some(1)), "of the whole job");
    let array = status.array.clone().unwrap();
    let summary = array.status_summary.unwrap();
    assert_eq!((summary["SUCCEEDED"], summary["FAILED"]), (5_000, 5_000));
    let indexes = array.failed_indexes.unwrap();
    assert!(indexes.starts_with("1,3,5,") && indexes.ends_with(",…"), "{indexes}");
    let bytes = serde_json::to_vec(&status).unwrap().len();
    assert!(bytes <= 4096, "{bytes}");
    assert_eq!(stage.double.count("ListJobs"), 5, "a thousand failed children a call");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_end_is_told_though_its_children_may_not_be_listed() {
    let stage = Stage::new("no-listing");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_faults(vec![Fault::next("ListJobs", Kind::Denied, When::Before, 100)]);
    failing(&stage, [0]);
    stage.create("some", array(2));
    let status = stage.wait_for_phase("some", Phase::Failed, SOON).status.unwrap();
    assert_eq!((status.failed, status.array.unwrap().failed_indexes), (Some(1), None));
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_restart_before_the_children_are_read_changes_nothing() {
    let stage = Stage::new("children-later");
    let mut operator = Operator::ready(&stage, &[]);
    stage.double.set_faults(vec![Fault::next("ListJobs", Kind::Hang, When::Before, 1)]);
    failing(&stage, [1]);
    stage.create("some", array(2));
    assert!(stage.double.wait_for_requests("ListJobs", 1, SOON));
    operator.kill();
    let _again = Operator::ready(&stage, &[]);
    let status = stage.wait_for_phase("some", Phase::Failed, SOON).status.unwrap();
    assert_eq!(status.array.unwrap().failed_indexes.as_deref(), Some("1"));
    stage.assert_exactly_once();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_multi_node_job_ends_as_its_main_node_does() {
    let stage = Stage::new("nodes");
    let _operator = Operator::ready(&stage, &[]);
    for (name, behaviour) in [("well", Behaviour::default()), ("badly", Behaviour::fails(3))] {
        let definition = Definition { nodes: Some(4), behaviour: Some(behaviour), ..Definition::default() };
        stage.double.set_definition(name, definition);
        stage.create(name, json!({ "jobQueue": "q", "jobDefinition": name }));
    }
    for (name, phase, code) in [("well", Phase::Succeeded, 0), ("badly", Phase::Failed, 3)] {
        let status = stage.wait_for_phase(name, phase, SOON).status.unwrap();
        assert_eq!((status.num_nodes, status.exit_code), (Some(4), Some(code)), "{name}");
        assert!(status.logs.unwrap().stream.unwrap().starts_with(name));
    }
    assert_eq!(stage.double.count("ListJobs"), 0);
}
