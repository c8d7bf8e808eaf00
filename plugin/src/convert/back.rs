//! A manifest as JSON for `aws batch submit-job --cli-input-json`.

use aws_batch_operator::api::{BatchJob, OWN_MEMBERS, request_json};
use kube::ResourceExt;
use serde_json::Value;

use super::answer::Converted;
use crate::failure::Failure;

/// The request of a manifest.
pub fn request(manifest: &Value) -> Result<Converted, Failure> {
    let job: BatchJob = serde_json::from_value(manifest.clone())
        .map_err(|error| format!("the BatchJob on stdin: {error}"))?;
    let dependencies = job.spec.depends_on.iter().flatten().enumerate();
    for (place, dependency) in dependencies {
        if let Some(name) = &dependency.name {
            return Err(format!(
                "dependsOn[{place}].name: AWS Batch knows no BatchJob {name}: write the jobId of its job in place of the name"
            )
            .into());
        }
    }
    let mut request = request_json(&job.spec);
    if request.get("jobName").is_none() {
        let generated = job.metadata.generate_name.as_deref().map(|name| name.trim_end_matches('-'));
        let name = job.metadata.name.as_deref().or(generated).ok_or("metadata.name is missing")?;
        request["jobName"] = Value::String(name.to_owned());
    }
    let spec = &manifest["spec"];
    let own = OWN_MEMBERS.into_iter().map(|(member, _)| member);
    let left: Vec<_> = own.filter(|member| spec.get(member).is_some()).collect();
    let mut notes = Vec::new();
    if !left.is_empty() {
        notes.push(format!("left out, as only the operator knows them: {}", left.join(", ")));
    }
    if !job.annotations().is_empty() || !job.labels().is_empty() {
        notes.push("left out: labels and annotations".to_owned());
    }
    Ok(Converted { text: format!("{}\n", serde_json::to_string_pretty(&request)?), notes })
}
