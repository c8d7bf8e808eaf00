//! Every value that does not belong, at every path of the spec: made from the schema itself, so that a new member is tried
//! the day it comes. What the server takes, the operator's types must read. Knows no member by name.

use aws_batch_operator::api::{self, BatchJob};
use serde_json::{Value, json};

use super::{object, try_all};
use crate::stage::Stage;

/// One step down the spec.
#[derive(Clone, Debug)]
enum Part {
    Member(String),
    Element,
}

/// Every path below `schema`, with the schema that stands there.
fn paths(schema: &Value, path: &[Part], found: &mut Vec<(Vec<Part>, Value)>) {
    let mut descend = |part: Part, inner: &Value| {
        let path = [path, &[part]].concat();
        paths(inner, &path, found);
        found.push((path, inner.clone()));
    };
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        descend(Part::Member(name.clone()), inner);
    }
    if schema["items"].is_object() {
        descend(Part::Element, &schema["items"]);
    }
    if schema["additionalProperties"].is_object() {
        descend(Part::Member("key".to_owned()), &schema["additionalProperties"]);
    }
}

/// A value that the schema's own type and bounds allow, with the members that it needs.
fn plausible(schema: &Value) -> Value {
    match schema["type"].as_str() {
        Some("object") => {
            let needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            needed.map(|name| (name.to_owned(), plausible(&schema["properties"][name]))).collect()
        }
        Some("integer") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("array") => json!([]),
        Some("boolean") => json!(true),
        _ if schema.get("enum").is_some() => schema["enum"][0].clone(),
        // A queue, a definition, a range of nodes and an amount, all in one.
        _ => json!("4"),
    }
}

/// The spec that bears `value` at `path` and what its surroundings need.
fn around(schema: &Value, path: &[Part], value: &Value) -> Value {
    let Some((part, rest)) = path.split_first() else { return value.clone() };
    match part {
        Part::Element => json!([around(&schema["items"], rest, value)]),
        Part::Member(name) => {
            let inner = schema["properties"].get(name).unwrap_or(&schema["additionalProperties"]);
            let mut surroundings = plausible(schema);
            surroundings[name] = around(inner, rest, value);
            surroundings
        }
    }
}

/// Numbers at and beyond every edge, and every other type.
fn values() -> Vec<Value> {
    let numbers = ["-0", "0.0", "1.5", "6e1", "1e30", "-9223372036854775808", "9223372036854775807"];
    let edges = ["2147483647", "2147483648", "-2147483649", "9223372036854775808", "4", "64.0"];
    let numbers = numbers.into_iter().chain(edges).map(|text| serde_json::from_str(text).unwrap());
    let others = [
        json!(null),
        json!(false),
        json!(""),
        json!("7"),
        json!("\u{0}\u{202e}💥"),
        json!("x".repeat(40_000)),
        json!([]),
        json!([null]),
        json!([[["deep"]]]),
        json!({}),
        json!({ "": null, "unknown": [1, { "a": {} }] }),
    ];
    numbers.chain(others).collect()
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn no_value_at_any_path_is_taken_and_then_unreadable() {
    let stage = Stage::new("every-path");
    let crd = serde_json::to_value(api::crd()).unwrap();
    let schema = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"];
    let mut found = Vec::new();
    paths(schema, &[], &mut found);
    let mut specs = Vec::new();
    for (path, _) in &found {
        specs.extend(values().iter().map(|value| (path, around(schema, path, value))));
    }
    assert!(specs.len() > 2_000, "{}", specs.len());
    let answers = try_all(&stage, specs.iter().map(|(_, spec)| object("x", spec)).collect());
    let mut taken = 0;
    for ((path, spec), answer) in specs.iter().zip(answers) {
        match answer {
            Ok(object) => {
                taken += 1;
                let read = serde_json::from_value::<BatchJob>(serde_json::to_value(&object).unwrap());
                read.unwrap_or_else(|error| {
                    panic!("{path:?} was taken, and cannot be read ({error}): {spec}")
                });
            }
            Err(refusal) => {
                let Some(Part::Member(first)) = path.first() else { panic!("{path:?}") };
                assert!(refusal.contains(first.as_str()), "{path:?} is not named: {refusal}");
            }
        }
    }
    assert!(taken > found.len(), "only {taken} of {} taken", specs.len());
}
