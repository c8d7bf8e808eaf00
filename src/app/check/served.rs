//! The API server and the resource that it serves. Both are read from discovery and the schema, which every client may
//! read, so the check needs no right of its own.

use std::time::Duration;

use kube::Client;
use serde_json::Value;
use tokio::time::sleep;

use super::finding::{Finding, get};
use crate::api::{self, GROUP, VERSION};
use crate::clock;

/// How long the publication of the schema of a new CRD may take, and the pause between two reads.
const PUBLISHED_WITHIN: Duration = Duration::from_secs(15);
const PAUSE: Duration = Duration::from_millis(250);

/// What to do when the CRD is not ours.
const APPLY: &str =
    "apply the CRD of this version: aws-batch-operator crd | kubectl apply --server-side -f -";

/// Whether the API server answers, and its version.
pub async fn server(client: &Client) -> Finding {
    let outcome = match get(client, "/version").await {
        Ok(version) => Ok(version["gitVersion"].as_str().unwrap_or_default().to_owned()),
        Err(error) => {
            Err(format!("{error}. Is the address right, is it up, and does a NetworkPolicy let us?"))
        }
    };
    Finding::new("API server", outcome)
}

/// Whether the CRD is established, serves our version, and has every member of ours.
pub async fn resource(client: &Client) -> Finding {
    Finding::new(format!("CRD batchjobs.{GROUP}"), look(client).await)
}

async fn look(client: &Client) -> Result<String, String> {
    let group = get(client, &format!("/apis/{GROUP}/{VERSION}"))
        .await
        .map_err(|error| format!("{VERSION} is not served ({error}); {APPLY}"))?;
    let names: Vec<&str> =
        group["resources"].as_array().into_iter().flatten().filter_map(|r| r["name"].as_str()).collect();
    for name in ["batchjobs", "batchjobs/status"] {
        if !names.contains(&name) {
            return Err(format!("{name} is not served; {APPLY}"));
        }
    }
    let schema = schema(client).await?;
    let missing = missing(&schema);
    if missing.is_empty() {
        return Ok(format!("{VERSION} is served, and is this version's"));
    }
    Err(format!("it is another version's: it lacks {}; {APPLY}", missing.join(", ")))
}

/// The served schema. The schema of a new CRD is published shortly after the resource, so a failed read is repeated.
async fn schema(client: &Client) -> Result<Value, String> {
    let begun = clock::instant();
    loop {
        let answer = get(client, &format!("/openapi/v3/apis/{GROUP}/{VERSION}")).await;
        match answer {
            Err(_) if begun.elapsed() < PUBLISHED_WITHIN => sleep(PAUSE).await,
            Err(error) => {
                return Err(format!("its schema is not published ({error}); try again, or {APPLY}"));
            }
            Ok(schema) => return Ok(schema),
        }
    }
}

/// The members of our CRD, at any depth, that the served schema lacks.
fn missing(served: &Value) -> Vec<String> {
    let schemas = served["components"]["schemas"].as_object();
    let theirs = schemas.into_iter().flatten().find(|(name, _)| name.ends_with(".BatchJob"));
    let Ok(crd) = serde_json::to_value(api::crd()) else { return Vec::new() };
    let ours = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
    let mut missing = Vec::new();
    for part in ["spec", "status"] {
        let theirs = theirs.map_or(&Value::Null, |(_, schema)| &schema["properties"][part]);
        compare(part, &ours["properties"][part], theirs, &mut missing);
    }
    missing
}

fn compare(path: &str, ours: &Value, theirs: &Value, missing: &mut Vec<String>) {
    for (name, member) in ours["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        match theirs["properties"].get(name) {
            Some(their) => compare(&path, member, their, missing),
            None => missing.push(path),
        }
    }
    if ours["items"].is_object() {
        compare(&format!("{path}[]"), &ours["items"], &theirs["items"], missing);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_older_schema_is_told_by_what_it_lacks() {
        let crd = serde_json::to_value(api::crd()).unwrap();
        let mut schema = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"].clone();
        let served = |schema: &Value| json!({ "components": { "schemas": { "dev.awsbatch.v1alpha1.BatchJob": schema } } });
        assert!(missing(&served(&schema)).is_empty());
        schema["properties"]["spec"]["properties"].as_object_mut().unwrap().remove("suspend");
        let overrides = &mut schema["properties"]["spec"]["properties"]["containerOverrides"]["properties"];
        overrides["environment"]["items"]["properties"].as_object_mut().unwrap().remove("value");
        assert_eq!(
            missing(&served(&schema)),
            ["spec.containerOverrides.environment[].value", "spec.suspend"]
        );
    }
}
