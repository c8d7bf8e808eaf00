//! `ConsumableResourceProperties`: what a job consumes of counted resources.

use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// The consumable resources that a job needs. Replace those of the job definition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsumableResourceProperties {
    /// The resources.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100))]
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub consumable_resource_list: Option<Vec<ConsumableResourceRequirement>>,
}

/// An amount of one consumable resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsumableResourceRequirement {
    /// The resource's name or ARN.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 512))]
    #[schemars(regex(
        pattern = r"^([^\s:/]+|arn:aws(-[a-z0-9-]+)?:batch:[a-z0-9-]+:[0-9]{12}:consumable-resource/[^\s:/]+)$"
    ))]
    pub consumable_resource: Option<String>,
    /// The amount of the resource; at least 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub quantity: Option<i64>,
}
