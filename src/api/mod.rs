//! stand-in
pub mod condition;
use std::collections::BTreeMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use kube::CustomResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
pub const FINALIZER: &str = "awsbatch.dev/job";
pub const CLAIM_ANNOTATION: &str = "awsbatch.dev/claim";
pub const TAG_UID: &str = "awsbatch.dev/uid";
pub const TAG_CLUSTER: &str = "awsbatch.dev/cluster";
pub const TAG_NAMESPACE: &str = "awsbatch.dev/namespace";
pub const TAG_NAME: &str = "awsbatch.dev/name";
pub const FIELD_MANAGER: &str = "aws-batch-operator";
#[derive(CustomResource, Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[kube(group = "awsbatch.dev", version = "v1alpha1", kind = "BatchJob", namespaced, status = "BatchJobStatus", derive = "PartialEq")]
#[serde(rename_all = "camelCase")]
pub struct BatchJobSpec {
    #[serde(skip_serializing_if = "Option::is_none")] pub job_name: Option<String>,
    pub job_queue: String,
    pub job_definition: String,
    #[serde(skip_serializing_if = "Option::is_none")] pub tags: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")] pub parameters: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")] pub depends_on: Option<Vec<JobDependency>>,
    #[serde(skip_serializing_if = "Option::is_none")] pub suspend: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")] pub deletion_policy: Option<DeletionPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")] pub submission_policy: Option<SubmissionPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")] pub managed_by: Option<String>,
}
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobDependency { pub job_id: Option<String>, pub name: Option<String> }
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DeletionPolicy { Terminate, Cancel, Retain }
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SubmissionPolicy { EffectivelyOnce, AtMostOnce }
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Phase { Pending, Suspended, Submitted, Running, Succeeded, Failed, Unknown }
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchJobStatus {
    pub observed_generation: Option<i64>, pub phase: Option<Phase>, pub job_status: Option<String>,
    pub job_id: Option<String>, pub job_name: Option<String>, pub job_arn: Option<String>, pub job_queue: Option<String>, pub job_definition: Option<String>,
    pub reason: Option<String>, pub submitted_at: Option<Time>, pub started_at: Option<Time>, pub stopped_at: Option<Time>,
    pub exit_code: Option<i32>, pub attempts: Option<i32>, pub last_attempt: Option<LastAttempt>, pub logs: Option<Logs>,
    #[serde(rename = "consoleURL")] pub console_url: Option<String>, pub array: Option<ArrayStatus>,
    pub succeeded: Option<i32>, pub failed: Option<i32>, #[serde(default)] pub conditions: Vec<Condition>,
}
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LastAttempt { pub started_at: Option<Time>, pub stopped_at: Option<Time>, pub exit_code: Option<i32>, pub reason: Option<String>, pub status_reason: Option<String>, pub task_arn: Option<String> }
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Logs { pub group: Option<String>, pub stream: Option<String>, pub url: Option<String> }
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArrayStatus { pub size: Option<i32>, pub status_summary: Option<BTreeMap<String, i32>>, pub failed_indexes: Option<String> }
pub fn request_json(spec: &BatchJobSpec) -> serde_json::Value { serde_json::to_value(spec).unwrap_or_default() }
pub fn crd_yaml() -> String { String::new() }
