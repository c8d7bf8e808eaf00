//! The schema of the spec, as the CRD has it: which members there are, and what each of them takes.

use aws_batch_operator::api;
use serde_json::{Map, Value};

/// The schema of `spec`.
pub fn spec() -> Value {
    let crd = serde_json::to_value(api::crd()).unwrap_or_default();
    crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"].clone()
}

/// How the members of a text are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As here and in the AWS CLI: `jobQueue`.
    Camel,
    /// As in AWS Step Functions: `JobQueue`.
    Pascal,
}

/// The value with the members' names as they are here. `Err` names the first member that does not exist, and those that do.
pub fn fitted(value: &Value, schema: &Value, path: &str, spelling: Spelling) -> Result<Value, String> {
    match value {
        Value::Object(members) => object(members, schema, path, spelling).map(Value::Object),
        Value::Array(items) => {
            let one = |(place, item): (usize, &Value)| {
                let dot = if item.is_object() { "." } else { "" };
                fitted(item, &schema["items"], &format!("{path}[{place}]{dot}"), spelling)
            };
            items.iter().enumerate().map(one).collect::<Result<Vec<_>, _>>().map(Value::Array)
        }
        // Step Functions takes numbers where SubmitJob takes texts.
        Value::Number(number) if schema["type"] == "string" => Ok(Value::String(number.to_string())),
        other => Ok(other.clone()),
    }
}

fn object(
    members: &Map<String, Value>,
    schema: &Value,
    path: &str,
    spelling: Spelling,
) -> Result<Map<String, Value>, String> {
    let mut fit = Map::new();
    for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
        if spelling == Spelling::Pascal && name.ends_with(".$") {
            return Err(format!(
                "{path}{name} is known only while the state machine runs: write a value in place of the path"
            ));
        }
        let (name, schema) = member(schema, name, path, spelling)?;
        let below = format!("{path}{name}{}", if value.is_array() { "" } else { "." });
        fit.insert(name, fitted(value, &schema, &below, spelling)?);
    }
    Ok(fit)
}

/// A member of an object: its name here, and its schema.
pub fn member(schema: &Value, name: &str, path: &str, spelling: Spelling) -> Result<(String, Value), String> {
    if schema["additionalProperties"].is_object() {
        return Ok((name.to_owned(), schema["additionalProperties"].clone()));
    }
    let own = match spelling {
        Spelling::Camel => name.to_owned(),
        Spelling::Pascal => lowered(name),
    };
    if let Some(found) = schema["properties"].get(&own) {
        return Ok((own, found.clone()));
    }
    let known: Vec<_> = schema["properties"].as_object().into_iter().flat_map(Map::keys).cloned().collect();
    if known.is_empty() {
        return Err(format!("{} is a single value and has no member {name}", path.trim_end_matches('.')));
    }
    Err(format!("there is no member {path}{name}: known are {}", known.join(", ")))
}

/// With a small first letter.
fn lowered(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fit(value: &Value, spelling: Spelling) -> Result<Value, String> {
        fitted(value, &spec(), "", spelling)
    }

    #[test]
    fn names_of_people_stay_and_those_of_aws_turn() {
        let state = json!({
            "JobQueue": "q", "Parameters": { "Input": "x" }, "Tags": { "Team": "a" },
            "ContainerOverrides": { "ResourceRequirements": [{ "Type": "VCPU", "Value": 2 }] },
        });
        let own = json!({
            "jobQueue": "q", "parameters": { "Input": "x" }, "tags": { "Team": "a" },
            "containerOverrides": { "resourceRequirements": [{ "type": "VCPU", "value": "2" }] },
        });
        assert_eq!(fit(&state, Spelling::Pascal), Ok(own.clone()));
        assert_eq!(fit(&own, Spelling::Camel), Ok(own));
    }

    #[test]
    fn a_member_that_does_not_exist_is_named_with_its_path_and_its_neighbours() {
        let wrong = json!({ "retryStrategy": { "attempt": 3 } });
        let told = fit(&wrong, Spelling::Camel).unwrap_err();
        assert!(told.contains("retryStrategy.attempt: known are attempts"), "{told}");
        let deep = json!({ "dependsOn": [{ "jobId": "1" }, { "id": "2" }] });
        assert!(fit(&deep, Spelling::Camel).unwrap_err().contains("dependsOn[1].id"));
        let path = json!({ "JobQueue.$": "$.queue" });
        assert!(fit(&path, Spelling::Pascal).unwrap_err().contains("JobQueue.$"));
    }
}
