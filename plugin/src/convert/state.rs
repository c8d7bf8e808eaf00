//! A Task state of AWS Step Functions that submits a job.

use serde_json::{Map, Value};

use crate::failure::Failure;

/// What names the integration in `Resource`, with and without `.sync`.
const RESOURCE: &str = "states:::batch:submitJob";

/// Members of a state that say what the state machine does around the job, and what stands for each here.
const AROUND: [(&str, &str); 4] = [
    ("Retry", "the BatchJob has retryStrategy"),
    ("Catch", "who waits for the BatchJob decides"),
    ("TimeoutSeconds", "the BatchJob has activeDeadlineSeconds"),
    ("HeartbeatSeconds", "a BatchJob has none"),
];

/// The request and notes of a state; `None`: the value is no state.
pub fn request(value: &Value) -> Result<Option<(Value, Vec<String>)>, Failure> {
    if let Some(states) = value["States"].as_object() {
        return Err(several(states).into());
    }
    let Some(resource) = value["Resource"].as_str() else { return Ok(None) };
    if !resource.contains(RESOURCE) {
        return Err(
            format!("Resource is {resource}: only arn:aws:{RESOURCE} and its .sync submit a job").into()
        );
    }
    // JSONPath states have Parameters, JSONata states have Arguments.
    let request = ["Parameters", "Arguments"].into_iter().find_map(|member| value.get(member));
    let request = request.ok_or("the state has neither Parameters nor Arguments")?;
    if let Some(path) = expression(request, String::new()) {
        return Err(format!(
            "{path} is known only while the state machine runs: write a value in place of the expression"
        )
        .into());
    }
    let around = AROUND.into_iter().filter(|(member, _)| value.get(member).is_some());
    let notes = around.map(|(member, why)| format!("left out {member} of the state: {why}")).collect();
    Ok(Some((request.clone(), notes)))
}

fn several(states: &Map<String, Value>) -> String {
    let submits = |state: &Value| state["Resource"].as_str().is_some_and(|text| text.contains(RESOURCE));
    let names: Vec<_> =
        states.iter().filter(|(_, state)| submits(state)).map(|(name, _)| name.as_str()).collect();
    let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    format!("stdin is a whole state machine: give one of its states. Those that submit a job: {names}")
}

/// The path of the first JSONata expression.
fn expression(value: &Value, path: String) -> Option<String> {
    match value {
        Value::String(text) if text.trim_start().starts_with("{%") => Some(path),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(place, item)| expression(item, format!("{path}[{place}]")))
        }
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            let dot = if path.is_empty() { "" } else { "." };
            expression(member, format!("{path}{dot}{name}"))
        }),
        _ => None,
    }
}
