//! `ContainerOverrides`: what a job changes of its definition's container.

use kube::KubeSchema;
use serde::{Deserialize, Serialize};

use super::{KeyValuePair, ResourceRequirement};

/// The overrides that are sent to a container. Members that are not set keep the job definition's values.
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
pub struct ContainerOverrides {
    /// The command (Docker's CMD). Replaces the job definition's. No empty strings. On Amazon ECS, these overrides together hold at most 8,192 characters of JSON. AWS Batch accepts longer ones and fails the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000), inner(length(max = 30720)))]
    pub command: Option<Vec<String>>,
    /// Environment variables. Added to the job definition's; a variable of the same name is replaced. Names must not start with `AWS_BATCH`.
    /// The values are not encrypted: whoever may describe the job reads them. For secrets use `secrets` in the job definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub environment: Option<Vec<KeyValuePair>>,
    /// The instance type of a multi-node parallel job. Not for single-node jobs, and not for Fargate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64))]
    pub instance_type: Option<String>,
    /// Deprecated: use `resourceRequirements`. Memory in MiB, at least 4. Cannot override a definition that uses `resourceRequirements`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 4, max = 2_147_483_647))]
    pub memory: Option<i32>,
    /// The amounts of GPU, MEMORY and VCPU, each type once. Replace those of the job definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 3))]
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    pub resource_requirements: Option<Vec<ResourceRequirement>>,
    /// Deprecated: use `resourceRequirements`. The number of vCPUs, at least 1. Cannot override a definition that uses `resourceRequirements`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub vcpus: Option<i32>,
}
