//! The members of the spec that are the request of SubmitJob.

use serde_json::Value;

use super::BatchJobSpec;

/// The members of SubmitJob's request. All are immutable: AWS cannot change a job.
pub const REQUEST_MEMBERS: [&str; 17] = [
    "jobName",
    "jobQueue",
    "jobDefinition",
    "shareIdentifier",
    "schedulingPriorityOverride",
    "arrayProperties",
    "dependsOn",
    "parameters",
    "containerOverrides",
    "nodeOverrides",
    "retryStrategy",
    "propagateTags",
    "timeout",
    "tags",
    "eksPropertiesOverride",
    "ecsPropertiesOverride",
    "consumableResourcePropertiesOverride",
];

/// Our own members, and whether each may be changed.
pub const OWN_MEMBERS: [(&str, bool); 8] = [
    ("suspend", true),
    ("deletionPolicy", true),
    ("ttlSecondsAfterFinished", true),
    ("submitDeadlineSeconds", true),
    ("queueDeadlineSeconds", true),
    ("activeDeadlineSeconds", true),
    ("submissionPolicy", false),
    ("managedBy", false),
];

/// The SubmitJob request of a spec: its members without ours.
pub fn request_json(spec: &BatchJobSpec) -> Value {
    let mut request = serde_json::to_value(spec).expect("a spec is plain data");
    if let Value::Object(members) = &mut request {
        members.retain(|member, _| REQUEST_MEMBERS.contains(&member.as_str()));
    }
    request
}
