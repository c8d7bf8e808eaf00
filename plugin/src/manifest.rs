//! A BatchJob as a manifest that people keep: without what the API server and the operator add.

use aws_batch_operator::api::{BatchJob, BatchJobSpec, GROUP, VERSION};
use serde_json::{Value, json};

use crate::failure::Failure;

/// The manifest as YAML.
pub fn yaml(job: &BatchJob) -> Result<String, Failure> {
    let name = job.metadata.name.as_ref().map(|name| json!({ "name": name }));
    let generated = || json!({ "generateName": job.metadata.generate_name });
    Ok(serde_saphyr::to_string(&manifest(&name.unwrap_or_else(generated), &job.spec)?)?)
}

fn manifest(metadata: &Value, spec: &BatchJobSpec) -> Result<Value, Failure> {
    Ok(json!({
        "apiVersion": format!("{GROUP}/{VERSION}"),
        "kind": "BatchJob",
        "metadata": metadata,
        "spec": serde_json::to_value(spec)?,
    }))
}
