//! The shapes that override a job definition, one file per AWS shape. Words and limits are AWS's.

mod consumable;
mod container;
mod ecs;
mod eks;
mod node;
mod resource;

pub use consumable::{ConsumableResourceProperties, ConsumableResourceRequirement};
pub use container::ContainerOverrides;
pub use ecs::{EcsPropertiesOverride, TaskContainerOverrides, TaskPropertiesOverride};
pub use eks::{
    EksContainerEnvironmentVariable, EksContainerOverride, EksContainerResourceRequirements, EksMetadata,
    EksPodPropertiesOverride, EksPropertiesOverride,
};
pub use node::{NodeOverrides, NodePropertyOverride};
pub use resource::{KeyValuePair, ResourceRequirement, ResourceType};
