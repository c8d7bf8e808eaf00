//! `EksPropertiesOverride`: what a job on Amazon EKS changes of its definition.

use std::collections::BTreeMap;

use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// The overrides for jobs that run on Amazon EKS.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct EksPropertiesOverride {
    /// The overrides for the pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod_properties: Option<EksPodPropertiesOverride>,
}

/// The overrides for the pod of a job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct EksPodPropertiesOverride {
    /// The overrides, by container.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10))]
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub containers: Option<Vec<EksContainerOverride>>,
    /// The overrides, by init container.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10))]
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub init_containers: Option<Vec<EksContainerOverride>>,
    /// The pod's metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<EksMetadata>,
}

/// The overrides for one container of a pod.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = (
        "!has(self.command) || self.command.map(c, size(c)).sum() <= 30720",
        "command: this holds more than 30720 characters, and AWS Batch takes requests of 30720 bytes; move data to Amazon S3"
    ),
    validation = (
        "!has(self.args) || self.args.map(c, size(c)).sum() <= 30720",
        "args: this holds more than 30720 characters, and AWS Batch takes requests of 30720 bytes; move data to Amazon S3"
    ),
    validation = (
        "!has(self.env) || self.env.map(e, size(e.name) + (has(e.value) ? size(e.value) : 0)).sum() <= 30720",
        "env: this holds more than 30720 characters, and AWS Batch takes requests of 30720 bytes; move data to Amazon S3"
    ),
    validation = (
        "!has(self.env) || self.env.all(e, !has(e.name) || !e.name.startsWith('AWS_BATCH'))",
        "env: names that start with AWS_BATCH are reserved for AWS Batch; choose another name"
    )
)]
pub struct EksContainerOverride {
    /// The name of the container in the job definition. Optional when the pod has one container.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    pub name: Option<String>,
    /// The image. Replaces the job definition's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1024))]
    pub image: Option<String>,
    /// The entrypoint. Replaces the job definition's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000), inner(length(max = 30720)))]
    pub command: Option<Vec<String>>,
    /// The arguments of the entrypoint. Replace those of the job definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000), inner(length(max = 30720)))]
    pub args: Option<Vec<String>>,
    /// Environment variables. Added to the job definition's. Names must not start with `AWS_BATCH`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub env: Option<Vec<EksContainerEnvironmentVariable>>,
    /// The resources. Replace those of the job definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<EksContainerResourceRequirements>,
}

/// An environment variable of a pod's container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct EksContainerEnvironmentVariable {
    /// The name. Must not start with `AWS_BATCH`.
    #[schemars(length(min = 1, max = 1024))]
    pub name: String,
    /// The value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 30720))]
    pub value: Option<String>,
}

/// The resources of a pod's container: `memory` in whole `Mi` of at least 4, `cpu` as a multiple of 0.25, `nvidia.com/gpu` as a whole number. For memory and gpu, limits and requests must be equal. For cpu, the limit must be at least the request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = (
        "!has(self.limits) || !('memory' in self.limits) || self.limits['memory'].matches('^([4-9]|[1-9][0-9]+)Mi$')",
        "resources.limits.memory: whole mebibytes, at least 4Mi, such as 2048Mi"
    ),
    validation = (
        "!has(self.limits) || !('nvidia.com/gpu' in self.limits) || self.limits['nvidia.com/gpu'].matches('^[1-9][0-9]*$')",
        "resources.limits nvidia.com/gpu: a whole number"
    ),
    validation = (
        "!has(self.limits) || !('cpu' in self.limits) || self.limits['cpu'].matches('^[0-9]+([.](0|00|25|5|50|75))?$')",
        "resources.limits.cpu: a multiple of 0.25"
    ),
    validation = (
        "!has(self.requests) || !('memory' in self.requests) || self.requests['memory'].matches('^([4-9]|[1-9][0-9]+)Mi$')",
        "resources.requests.memory: whole mebibytes, at least 4Mi, such as 2048Mi"
    ),
    validation = (
        "!has(self.requests) || !('nvidia.com/gpu' in self.requests) || self.requests['nvidia.com/gpu'].matches('^[1-9][0-9]*$')",
        "resources.requests nvidia.com/gpu: a whole number"
    ),
    validation = (
        "!has(self.requests) || !('cpu' in self.requests) || self.requests['cpu'].matches('^[0-9]+([.](0|00|25|5|50|75))?$')",
        "resources.requests.cpu: a multiple of 0.25"
    ),
    validation = (
        "!has(self.limits) || !has(self.requests) || !('memory' in self.limits) || !('memory' in self.requests) || self.limits['memory'] == self.requests['memory']",
        "resources: limits and requests of memory must be equal; name one of them only"
    ),
    validation = (
        "!has(self.limits) || !has(self.requests) || !('nvidia.com/gpu' in self.limits) || !('nvidia.com/gpu' in self.requests) || self.limits['nvidia.com/gpu'] == self.requests['nvidia.com/gpu']",
        "resources: limits and requests of nvidia.com/gpu must be equal; name one of them only"
    ),
    validation = (
        "!has(self.limits) || !has(self.requests) || !('cpu' in self.limits) || !('cpu' in self.requests) || !self.limits['cpu'].matches('^[0-9]+([.][0-9]+)?$') || !self.requests['cpu'].matches('^[0-9]+([.][0-9]+)?$') || double(self.limits['cpu']) >= double(self.requests['cpu'])",
        "resources: limits of cpu must be at least its requests; raise the limit"
    )
)]
pub struct EksContainerResourceRequirements {
    /// The largest amounts that the container may use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxProperties" = 16, "additionalProperties" = { "type": "string", "minLength": 1, "maxLength": 256 }))]
    pub limits: Option<BTreeMap<String, String>>,
    /// The amounts that are reserved for the container.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxProperties" = 16, "additionalProperties" = { "type": "string", "minLength": 1, "maxLength": 256 }))]
    pub requests: Option<BTreeMap<String, String>>,
}

/// The metadata of a pod.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = (
        "!has(self.namespace) || (self.namespace != 'default' && !self.namespace.startsWith('kube'))",
        "namespace: AWS Batch takes neither default nor names that start with kube; choose another"
    )
)]
pub struct EksMetadata {
    /// The pod's labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxProperties" = 64, "additionalProperties" = { "type": "string", "maxLength": 63 }))]
    pub labels: Option<BTreeMap<String, String>>,
    /// The pod's annotations. Values have at most 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxProperties" = 64, "additionalProperties" = { "type": "string", "maxLength": 255 }))]
    pub annotations: Option<BTreeMap<String, String>>,
    /// The namespace in the Amazon EKS cluster. Must not be `default`, and must not start with `kube`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 63))]
    #[schemars(regex(pattern = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"))]
    pub namespace: Option<String>,
}
