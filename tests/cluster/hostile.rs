//! Malformed and hostile input, made by rule: each object is refused by the name of something, or taken and then read by
//! the operator without trouble. Never a crash, never silence.

use std::time::Duration;

use aws_batch_operator::api::{BatchJob, OWN_MEMBERS, REQUEST_MEMBERS};
use serde_json::{Value, json};

use crate::operator::Operator;
use crate::schema::{object, try_all};
use crate::stage::Stage;

/// What somebody may put where it does not belong.
fn poisons() -> Vec<Value> {
    let mut deep = json!("bottom");
    for _ in 0..100 {
        deep = json!({ "deeper": deep });
    }
    vec![
        json!(0),
        json!(-1),
        json!(9_223_372_036_854_775_807_i64),
        json!(1.5),
        json!(true),
        json!(""),
        json!("\u{0}\u{7f}\u{202e}💥 ñ"),
        json!("x".repeat(200_000)),
        json!([]),
        json!([null, [], {}]),
        json!({}),
        json!({ "": "", "unknown": { "member": [1, 2, 3] } }),
        deep,
    ]
}

fn hostile() -> Vec<Value> {
    let mut specs = Vec::new();
    for member in REQUEST_MEMBERS.into_iter().chain(OWN_MEMBERS.map(|(member, _)| member)) {
        specs.extend(poisons().into_iter().map(|poison| json!({ member: poison })));
    }
    let environment: Vec<_> = (0..2000).map(|n| json!({ "name": format!("N{n}"), "value": "v" })).collect();
    specs.push(json!({ "containerOverrides": { "environment": environment } }));
    specs.push(json!({ "containerOverrides": { "Environment": [], "COMMAND": ["x"] } }));
    specs.push(json!({ "jobname": "x", "JobQueue": "y", "nonsense": { "a": [{}] } }));
    specs.push(json!({ "tags": { "\u{0}": "\u{0}" } }));
    specs.push(json!({ "parameters": { "日本 ": "\n\t\"'$(reboot)`" } }));
    specs
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn hostile_input_is_refused_by_name_or_read_without_trouble() {
    let stage = Stage::new("hostile-specs");
    let mut operator = Operator::ready(&stage, &[]);
    let specs = hostile();
    assert!(specs.len() >= 200, "{}", specs.len());
    let answers = try_all(&stage, specs.iter().map(|spec| object("x", spec)).collect());
    let mut accepted = Vec::new();
    for (spec, answer) in specs.iter().zip(answers) {
        match answer {
            Err(refusal) => assert!(refusal.contains("spec"), "names nothing: {refusal}"),
            Ok(taken) => {
                let read = serde_json::from_value::<BatchJob>(serde_json::to_value(&taken).unwrap());
                read.unwrap_or_else(|error| panic!("taken, and cannot be read ({error}): {spec}"));
                accepted.push(spec);
            }
        }
    }
    for (number, spec) in accepted.iter().enumerate() {
        stage.create_raw(object(&format!("job-{number}"), spec));
    }
    stage.wait(Duration::from_mins(1), "each says something", || {
        stage.list().iter().all(|job| {
            let waits = job.spec.managed_by.is_some();
            waits || job.status.as_ref().is_some_and(|status| !status.conditions.is_empty())
        })
    });
    assert!(operator.is_running(), "{}", operator.log());
}
