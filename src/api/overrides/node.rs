//! `NodeOverrides`: what a multi-node parallel job changes of its definition.

use kube::KubeSchema;
use serde::{Deserialize, Serialize};

use super::{ConsumableResourceProperties, ContainerOverrides, EcsPropertiesOverride, EksPropertiesOverride};

/// The node overrides of a multi-node parallel job. Not for Fargate: use `containerOverrides`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodeOverrides {
    /// The overrides for ranges of nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20))]
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub node_property_overrides: Option<Vec<NodePropertyOverride>>,
    /// The number of nodes. Replaces the job definition's. The definition needs a node range with an open upper boundary. The number must exceed that range's lower boundary and the main node's index.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub num_nodes: Option<i32>,
}

/// The overrides for one range of nodes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct NodePropertyOverride {
    /// The range of nodes by index: `0:3`, `:n` (from 0), `n:` (to the last), `:` (all) or one index `n`.
    #[schemars(length(max = 32))]
    #[schemars(regex(pattern = r"^([0-9]+(:[0-9]*)?|:[0-9]*)$"))]
    pub target_nodes: String,
    /// The overrides that are sent to the container of each node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container_overrides: Option<ContainerOverrides>,
    /// The Amazon ECS properties. Replace those of the job definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ecs_properties_override: Option<EcsPropertiesOverride>,
    /// The Amazon EKS properties. Replace those of the job definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eks_properties_override: Option<EksPropertiesOverride>,
    /// The instance types. Replace those of the job definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100), inner(length(min = 1, max = 64)))]
    pub instance_types: Option<Vec<String>>,
    /// The consumable resources. Replace those of the job definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumable_resource_properties_override: Option<ConsumableResourceProperties>,
}
