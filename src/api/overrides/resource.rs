//! `ResourceRequirement` and `KeyValuePair`, which several shapes share.

use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An environment variable.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyValuePair {
    /// The name. Must not start with `AWS_BATCH`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1024))]
    pub name: Option<String>,
    /// The value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 30720))]
    pub value: Option<String>,
}

/// The type of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum ResourceType {
    /// Physical GPUs; a whole number. Not on Fargate.
    Gpu,
    /// Memory in MiB; a whole number, at least 4.
    Memory,
    /// vCPUs; at least 1 on EC2, one of 0.25, 0.5, 1, 2, 4, 8, 16, 32 on Fargate.
    Vcpu,
}

/// An amount of one type of resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = (
        "self.type != 'VCPU' || self.value.matches('^(0\\\\.25|0\\\\.5|[1-9][0-9]*)$')",
        "value of VCPU: 0.25, 0.5, or a whole number"
    ),
    validation = (
        "self.type == 'VCPU' || self.value.matches('^[1-9][0-9]*$')",
        "value of GPU and MEMORY: a whole number; MEMORY counts MiB"
    ),
    validation = (
        "self.type != 'MEMORY' || !self.value.matches('^[1-9][0-9]*$') || int(self.value) >= 4",
        "value of MEMORY: at least 4 MiB"
    )
)]
pub struct ResourceRequirement {
    /// GPU, MEMORY or VCPU.
    #[serde(rename = "type")]
    pub type_: ResourceType,
    /// The amount. GPU: a whole number. MEMORY: MiB, a whole number, at least 4. VCPU: a whole number, or 0.25 or 0.5; on Fargate 0.25, 0.5, 1, 2, 4, 8, 16 or 32.
    #[schemars(length(min = 1, max = 16))]
    pub value: String,
}
