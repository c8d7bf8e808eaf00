//! `EcsPropertiesOverride`: what a multi-container job on Amazon ECS changes of its definition.

use kube::KubeSchema;
use serde::{Deserialize, Serialize};

use super::{KeyValuePair, ResourceRequirement};

/// The overrides for jobs that run on Amazon ECS.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct EcsPropertiesOverride {
    /// The overrides for the task. AWS takes one element.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1))]
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub task_properties: Option<Vec<TaskPropertiesOverride>>,
}

/// The overrides for the containers of one Amazon ECS task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaskPropertiesOverride {
    /// The overrides, by container.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10))]
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub containers: Option<Vec<TaskContainerOverrides>>,
}

/// The overrides for one container of a task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = (
        "(has(self.command) ? self.command.map(c, size(c)).sum() : 0) + (has(self.environment) ? self.environment.map(e, (has(e.name) ? size(e.name) : 0) + (has(e.value) ? size(e.value) : 0)).sum() : 0) <= 30720",
        "command and environment: these hold more than 30720 characters, and AWS Batch takes requests of 30720 bytes; move data to Amazon S3"
    ),
    validation = (
        "!has(self.command) || self.command.all(c, size(c) > 0)",
        "command: AWS Batch takes no empty string; leave it out"
    ),
    validation = (
        "!has(self.environment) || self.environment.all(e, !has(e.name) || !e.name.startsWith('AWS_BATCH'))",
        "environment: names that start with AWS_BATCH are reserved for AWS Batch; choose another name"
    )
)]
pub struct TaskContainerOverrides {
    /// The name of the container in the job definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    pub name: Option<String>,
    /// The command. Replaces the job definition's. No empty strings. The overrides of all containers together hold at most 8,192 characters of JSON. AWS Batch accepts longer ones and fails the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000), inner(length(max = 30720)))]
    pub command: Option<Vec<String>>,
    /// Environment variables. Added to the job definition's. Names must not start with `AWS_BATCH`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub environment: Option<Vec<KeyValuePair>>,
    /// The amounts of GPU, MEMORY and VCPU; each type once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 3))]
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    pub resource_requirements: Option<Vec<ResourceRequirement>>,
}
