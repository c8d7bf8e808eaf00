//! Every end as a machine sees it, and what AWS says of it in full.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::Behaviour;
use serde_json::json;

use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(20);

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn whatever_the_end_is_kubectl_waits_for_it_and_one_counter_tells_which() {
    let stage = Stage::new("ends");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("bad", Behaviour::fails(1));
    stage.create("good", json!({ "jobQueue": "q", "jobDefinition": "quick" }));
    stage.create("bad", json!({ "jobQueue": "q", "jobDefinition": "bad" }));
    stage.create(
        "after",
        json!({ "jobQueue": "q", "jobDefinition": "quick", "dependsOn": [{ "name": "ring" }] }),
    );
    stage.create(
        "ring",
        json!({ "jobQueue": "q", "jobDefinition": "quick", "dependsOn": [{ "name": "after" }] }),
    );
    for (name, reason, counted) in [
        ("good", "JobSucceeded", "1 0"),
        ("bad", "JobFailed", "0 1"),
        ("after", "DependencyFailed", "0 1"),
        ("ring", "DependencyFailed", "0 1"),
    ] {
        stage.kubectl(&["wait", "--for=condition=Finished", &format!("bj/{name}"), "--timeout=30s"]).unwrap();
        let path = r#"jsonpath={.status.conditions[?(@.type=="Finished")].reason} {.status.succeeded} {.status.failed}"#;
        let told = stage.kubectl(&["get", "bj", name, "-o", path]).unwrap();
        assert_eq!(told, format!("{reason} {counted}"), "{name}");
    }
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_reason_that_is_longer_than_a_status_takes_holds_neither_the_end_nor_the_deletion() {
    let stage = Stage::new("long-reasons");
    let _operator = Operator::ready(&stage, &[]);
    for (name, reason) in [("long", "x".repeat(1025)), ("lines", "one\ntwo\r\n💥".repeat(900))] {
        stage.double.set_behaviour(name, Behaviour { reason: Some(reason.clone()), ..Behaviour::fails(1) });
        stage.create(name, json!({ "jobQueue": "q", "jobDefinition": name }));
        let status = stage.wait_for_phase(name, Phase::Failed, SOON).status.unwrap();
        let last = status.last_attempt.and_then(|last| last.reason);
        for told in status.reason.iter().chain(&last) {
            assert!(told.chars().count() <= 1024 && !told.contains(char::is_control), "{told}");
        }
        assert!(status.reason.unwrap().contains(&reason[..1]));
        stage.kubectl(&["delete", "bj", name, "--timeout=10s"]).unwrap();
    }
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn overrides_that_amazon_ecs_does_not_take_are_told_of_by_an_event() {
    let stage = Stage::new("long-overrides");
    let _operator = Operator::ready(&stage, &[]);
    let command = json!({ "command": ["x".repeat(9_000)] });
    stage.create("long", json!({ "jobQueue": "q", "jobDefinition": "quick", "containerOverrides": command }));
    stage.wait_for_phase("long", Phase::Succeeded, SOON);
    let told = [
        "get",
        "events",
        "--field-selector",
        "reason=OverridesTooLong",
        "-o",
        "jsonpath={.items[*].note}{.items[*].message}",
    ];
    stage.wait(SOON, "an Event says so", || stage.kubectl(&told).unwrap().contains("8192"));
}
