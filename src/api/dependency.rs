//! `JobDependency` and `ArrayProperties`.

use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Makes the job an array job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArrayProperties {
    /// The number of children: 2 to 10,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 2, max = 10000))]
    pub size: Option<i32>,
}

/// For array jobs. `N_TO_N`: each child waits for the child of the other job with the same index. `SEQUENTIAL`, without a job: each child waits for the child before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(non_camel_case_types, reason = "AWS's own words")]
pub enum ArrayJobDependency {
    /// Each child waits for the child of the same index of the other job.
    #[serde(rename = "N_TO_N")]
    NToN,
    /// Each child waits for the one before it; without a job.
    #[serde(rename = "SEQUENTIAL")]
    Sequential,
}

/// Another job that this job waits for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = (
        "!(has(self.jobId) && has(self.name))",
        "dependsOn: name a job by jobId or by name, not by both"
    ),
    validation = (
        "has(self.jobId) || has(self.name) || (has(self.type) && self.type == 'SEQUENTIAL')",
        "dependsOn: jobId or name is needed, but for type SEQUENTIAL of an array job"
    )
)]
pub struct JobDependency {
    /// The AWS job id of the other job.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    #[schemars(regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9:#_-]*$"))]
    pub job_id: Option<String>,
    /// The name of another BatchJob in the same namespace. Use `name` or `jobId`, not both.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    #[schemars(regex(pattern = r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"))]
    pub name: Option<String>,
    /// How an array job waits.
    #[serde(skip_serializing_if = "Option::is_none", rename = "type")]
    pub type_: Option<ArrayJobDependency>,
}
