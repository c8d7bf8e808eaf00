//! Trims the objects of the cache to what is read, so that no user can fill the memory. A trimmed object is never
//! written back: each write is a patch of single members.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::api::{ADOPT_ANNOTATION, BatchJob, BatchJobSpec, CLAIM_ANNOTATION};
use crate::job::JobId;
use crate::plan::tells_of_a_keeper;

/// Longest value of our annotations, in bytes. A longer value is no claim and no job id, cut or not.
const VALUE_MAX: usize = 4_096;

/// Trims an object. An object whose status names a job or tells of the end is never submitted. Its spec keeps only
/// what following, the second search and the deletion need.
pub fn trim(object: &mut BatchJob) {
    trim_metadata(&mut object.metadata);
    if object.has_ended() || names_a_job(object) {
        let spec = std::mem::take(&mut object.spec);
        object.spec = BatchJobSpec {
            depends_on: None,
            parameters: None,
            container_overrides: None,
            node_overrides: None,
            tags: None,
            eks_properties_override: None,
            ecs_properties_override: None,
            consumable_resource_properties_override: None,
            ..spec
        };
    }
}

fn names_a_job(object: &BatchJob) -> bool {
    let named = object.status.as_ref().and_then(|status| status.job_id.as_deref());
    named.and_then(JobId::new).is_some()
}

fn trim_metadata(metadata: &mut ObjectMeta) {
    (metadata.managed_fields, metadata.owner_references) = (None, None);
    if let Some(annotations) = &mut metadata.annotations {
        let is_ours = |key: &str| key == CLAIM_ANNOTATION || key == ADOPT_ANNOTATION;
        annotations.retain(|key, _| is_ours(key) || tells_of_a_keeper(key));
        for (key, value) in annotations {
            cut(value, if is_ours(key) { VALUE_MAX } else { 0 });
        }
    }
    if let Some(labels) = &mut metadata.labels {
        labels.retain(|key, _| tells_of_a_keeper(key));
    }
}

fn cut(value: &mut String, most: usize) {
    if value.len() > most {
        value.truncate(value.floor_char_boundary(most));
        value.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn trimmed(status: &Value) -> BatchJob {
        let object = json!({
            "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
            "metadata": {
                "namespace": "team", "name": "a", "uid": "u", "resourceVersion": "7", "generation": 2,
                "finalizers": ["awsbatch.dev/job", "someone/else"],
                "labels": { "helm.toolkit.fluxcd.io/name": "release", "large": "x".repeat(60) },
                "annotations": {
                    "kubectl.kubernetes.io/last-applied-configuration": "x".repeat(100_000),
                    "argocd.argoproj.io/tracking-id": "x".repeat(100_000),
                    "awsbatch.dev/adopt": "ü".repeat(10_000),
                    "awsbatch.dev/claim": "a claim",
                },
                "ownerReferences": [{ "apiVersion": "v1", "kind": "Pod", "name": "o", "uid": "o" }],
                "managedFields": [{ "manager": "kubectl" }],
            },
            "spec": {
                "jobName": "n", "jobQueue": "q", "jobDefinition": "d", "parameters": { "p": "x".repeat(30_000) },
                "dependsOn": [{ "name": "b" }], "ttlSecondsAfterFinished": 5, "deletionPolicy": "Retain",
            },
            "status": status,
        });
        let mut object: BatchJob = serde_json::from_value(object).unwrap();
        trim(&mut object);
        object
    }

    #[test]
    fn what_is_read_stays_and_all_else_goes() {
        let object = trimmed(&json!({ "phase": "Pending" }));
        let metadata = serde_json::to_value(&object.metadata).unwrap();
        let adopts = "ü".repeat(2_048);
        assert_eq!(
            metadata,
            json!({
                "namespace": "team", "name": "a", "uid": "u", "resourceVersion": "7", "generation": 2,
                "finalizers": ["awsbatch.dev/job", "someone/else"],
                "labels": { "helm.toolkit.fluxcd.io/name": "release" },
                "annotations": {
                    "argocd.argoproj.io/tracking-id": "", "awsbatch.dev/adopt": adopts, "awsbatch.dev/claim": "a claim",
                },
            })
        );
        assert_eq!(object.spec.parameters.unwrap()["p"].len(), 30_000);
        assert_eq!(object.spec.depends_on.unwrap().len(), 1);
    }

    #[test]
    fn of_one_that_is_never_submitted_its_request_goes_too() {
        for status in [json!({ "phase": "Failed" }), json!({ "phase": "Running", "jobId": "1-2" })] {
            let object = trimmed(&status);
            assert_eq!(
                serde_json::to_value(object.spec).unwrap(),
                json!({
                    "jobName": "n", "jobQueue": "q", "jobDefinition": "d",
                    "ttlSecondsAfterFinished": 5, "deletionPolicy": "Retain",
                }),
                "{status}"
            );
        }
        let nothing = trimmed(&json!({ "phase": "Running", "jobId": "" }));
        assert!(nothing.spec.parameters.is_some(), "an empty id names no job");
    }
}
