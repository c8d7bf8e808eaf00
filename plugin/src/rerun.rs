//! `rerun`: a new object, and so a new run, of the spec of an old one.

use aws_batch_operator::api::{BatchJob, BatchJobSpec};
use serde_json::{Map, Value};

use crate::cli::{Pair, Rerun};
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::manifest;
use crate::out;
use crate::run::create;
use crate::schema::{self, Spelling};

/// Creates the new object and prints its name.
pub async fn rerun(cluster: &Cluster, rerun: &Rerun) -> Result<u8, Failure> {
    let old = cluster.get(&rerun.from).await?;
    let mut job = BatchJob::new("", changed(&old.spec, &rerun.set)?);
    job.metadata.name.clone_from(&rerun.name);
    job.metadata.generate_name = rerun.name.is_none().then(|| format!("{}-", rerun.from));
    if rerun.is_dry {
        out::print(&manifest::yaml(&job)?)?;
        return Ok(0);
    }
    let created = create(cluster, &job).await?;
    out::line(&created.metadata.name.unwrap_or_default())?;
    Ok(0)
}

/// The spec of a new run, with these members set. What held the old run back or ended it is left out.
fn changed(old: &BatchJobSpec, set: &[Pair]) -> Result<BatchJobSpec, String> {
    let mut spec = serde_json::to_value(old).map_err(|error| error.to_string())?;
    let schema = schema::spec();
    if let Value::Object(members) = &mut spec {
        members.remove("suspend");
        // `terminate` sets deadlines that have passed already.
        for member in ["activeDeadlineSeconds", "submitDeadlineSeconds"] {
            members.retain(|name, value| name != member || value != 1);
        }
    }
    for Pair(path, text) in set {
        one(&mut spec, &schema, path, text).map_err(|why| format!("--set {path}={text}: {why}"))?;
    }
    serde_json::from_value(spec).map_err(|error| format!("the new spec does not fit: {error}"))
}

/// Sets one member; `null` takes it away.
fn one(spec: &mut Value, schema: &Value, path: &str, text: &str) -> Result<(), String> {
    let (mut place, mut schema) = (spec, schema.clone());
    let (mut above, mut names) = (String::new(), path.split('.').peekable());
    while let Some(name) = names.next() {
        // The names of parameters and tags may hold dots.
        let is_free = schema["additionalProperties"].is_object();
        let name = if is_free {
            [name].into_iter().chain(names.by_ref()).collect::<Vec<_>>().join(".")
        } else {
            name.to_owned()
        };
        let (name, below) = schema::member(&schema, &name, &above, Spelling::Camel)?;
        let members = members(place)?;
        if names.peek().is_none() {
            match value(text, &below)? {
                Value::Null => members.remove(&name),
                value => members.insert(name, value),
            };
            return Ok(());
        }
        above = format!("{above}{name}.");
        (place, schema) = (members.entry(name).or_insert_with(|| Value::Object(Map::new())), below);
    }
    Ok(())
}

fn members(place: &mut Value) -> Result<&mut Map<String, Value>, String> {
    place.as_object_mut().ok_or_else(|| "a list is set as a whole, as JSON".to_owned())
}

/// The text as what the member takes.
fn value(text: &str, schema: &Value) -> Result<Value, String> {
    if text == "null" {
        return Ok(Value::Null);
    }
    let kind = schema["type"].as_str().unwrap_or_default();
    if kind == "string" {
        return Ok(Value::String(text.to_owned()));
    }
    let wanted = || format!("the member takes one of type {kind}, such as {}", example(kind));
    let value: Value = serde_json::from_str(text).map_err(|_| wanted())?;
    let fits = match kind {
        "integer" => value.is_i64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    };
    if fits { schema::fitted(&value, schema, "", Spelling::Camel) } else { Err(wanted()) }
}

fn example(kind: &str) -> &'static str {
    match kind {
        "integer" => "3",
        "boolean" => "true",
        "array" => r#"["a","b"]"#,
        _ => r#"{"name":"value"}"#,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn after(spec: &Value, set: &[(&str, &str)]) -> Result<Value, String> {
        let mut old = json!({ "jobQueue": "q", "jobDefinition": "d" });
        old.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
        let set: Vec<_> =
            set.iter().map(|(path, text)| Pair((*path).to_owned(), (*text).to_owned())).collect();
        let old = serde_json::from_value(old).unwrap();
        let mut new = serde_json::to_value(changed(&old, &set)?).unwrap();
        new.as_object_mut().unwrap().retain(|name, _| name != "jobQueue" && name != "jobDefinition");
        Ok(new)
    }

    #[test]
    fn members_are_set_by_their_path_and_of_the_type_that_they_have() {
        let set = [
            ("parameters.in.put", "1"),
            ("retryStrategy.attempts", "3"),
            ("containerOverrides.command", r#"["a"]"#),
            ("propagateTags", "true"),
            ("shareIdentifier", "null"),
        ];
        assert_eq!(
            after(&json!({ "shareIdentifier": "s" }), &set),
            Ok(json!({
                "parameters": { "in.put": "1" }, "retryStrategy": { "attempts": 3 },
                "containerOverrides": { "command": ["a"] }, "propagateTags": true,
            }))
        );
    }

    #[test]
    fn what_held_or_ended_the_old_run_is_left_out() {
        let ended = json!({ "suspend": true, "activeDeadlineSeconds": 1, "submitDeadlineSeconds": 60 });
        assert_eq!(after(&ended, &[]), Ok(json!({ "submitDeadlineSeconds": 60 })));
    }

    #[test]
    fn a_wrong_member_or_value_is_named() {
        for (path, text, words) in [
            ("jobQeue", "q", "there is no member jobQeue: known are"),
            ("timeout.seconds", "60", "timeout.seconds: known are attemptDurationSeconds"),
            ("retryStrategy.attempts", "many", "type integer"),
            ("jobQueue.name", "q", "jobQueue is a single value"),
            ("containerOverrides.command", "echo", "type array"),
        ] {
            let told = after(&json!({}), &[(path, text)]).unwrap_err();
            assert!(told.starts_with(&format!("--set {path}={text}: ")) && told.contains(words), "{told}");
        }
    }
}
