//! The spec: the 17 members of SubmitJob, flat and in AWS's words, and beside them our own.

use std::collections::BTreeMap;

use kube::{CustomResource, KubeSchema};
use serde::{Deserialize, Serialize};

use super::overrides::{
    ConsumableResourceProperties, ContainerOverrides, EcsPropertiesOverride, EksPropertiesOverride,
    NodeOverrides,
};
use super::{
    ArrayProperties, BatchJobStatus, DeletionPolicy, JobDependency, JobTimeout, RetryStrategy,
    SubmissionPolicy,
};

/// The SubmitJob request, member for member, and members of the operator. The JSON input of
/// `aws batch submit-job --cli-input-json` is valid here.
#[allow(clippy::duplicated_attributes, reason = "each printcolumn has a type of its own")]
#[derive(CustomResource, Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[kube(
    group = "awsbatch.dev",
    version = "v1alpha1",
    kind = "BatchJob",
    doc = "One AWS Batch job, for its whole life. The spec is the SubmitJob request. The status shows the state of the job.",
    plural = "batchjobs",
    singular = "batchjob",
    shortname = "bj",
    category = "awsbatch",
    namespaced,
    status = "BatchJobStatus",
    derive = "PartialEq",
    selectable = ".spec.jobQueue",
    selectable = ".status.phase",
    printcolumn(name = "Phase", type_ = "string", json_path = ".status.phase"),
    printcolumn(
        name = "Status",
        type_ = "string",
        json_path = ".status.jobStatus",
        description = "The status of the job in AWS Batch"
    ),
    printcolumn(name = "Queue", type_ = "string", json_path = ".spec.jobQueue"),
    printcolumn(name = "Exit", type_ = "integer", json_path = ".status.exitCode"),
    printcolumn(name = "Started", type_ = "date", json_path = ".status.startedAt"),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp"),
    printcolumn(name = "Job ID", type_ = "string", json_path = ".status.jobId", priority = 1),
    printcolumn(name = "Reason", type_ = "string", json_path = ".status.reason", priority = 1)
)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = (
        "[has(self.containerOverrides), has(self.ecsPropertiesOverride), has(self.eksPropertiesOverride), has(self.nodeOverrides)].filter(x, x).size() <= 1",
        "containerOverrides, ecsPropertiesOverride, eksPropertiesOverride, nodeOverrides: set the one that fits the job definition"
    ),
    validation = (
        "!has(self.dependsOn) || has(self.arrayProperties) || self.dependsOn.all(d, !has(d.type) || (d.type == 'SEQUENTIAL' && (has(d.jobId) || has(d.name))))",
        "dependsOn.type: N_TO_N, and SEQUENTIAL without a job, are for array jobs; set arrayProperties, or leave type out"
    )
)]
pub struct BatchJobSpec {
    /// The job's name: up to 128 letters, digits, hyphens and underscores, beginning with a letter or digit. Default: a name made from `metadata.name`. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    #[schemars(regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$"))]
    pub job_name: Option<String>,
    /// The job queue: its name or ARN (`arn:aws:batch:REGION:ACCOUNT:job-queue/NAME`). Immutable.
    #[schemars(length(min = 1, max = 512))]
    #[schemars(regex(
        pattern = r"^([A-Za-z0-9][A-Za-z0-9_-]{0,127}|arn:aws(-[a-z0-9-]+)?:batch:[a-z0-9-]+:[0-9]{12}:job-queue/[A-Za-z0-9][A-Za-z0-9_-]{0,127})$"
    ))]
    pub job_queue: String,
    /// The job definition: `name`, `name:revision` or its ARN (`arn:aws:batch:REGION:ACCOUNT:job-definition/NAME`) with or without the revision. Without a revision the latest active one is used. Immutable.
    #[schemars(length(min = 1, max = 512))]
    #[schemars(regex(
        pattern = r"^([A-Za-z0-9][A-Za-z0-9_-]{0,127}(:[0-9]+)?|arn:aws(-[a-z0-9-]+)?:batch:[a-z0-9-]+:[0-9]{12}:job-definition/[A-Za-z0-9][A-Za-z0-9_-]{0,127}(:[0-9]+)?)$"
    ))]
    pub job_definition: String,
    /// The share identifier: up to 255 characters, and an optional `*` at the end. Required if the job queue has a fair-share scheduling policy, otherwise not allowed. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub share_identifier: Option<String>,
    /// The scheduling priority within the share identifier: 0 to 9999, the highest first. Replaces the job definition's. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 9999))]
    pub scheduling_priority_override: Option<i32>,
    /// Makes the job an array job. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub array_properties: Option<ArrayProperties>,
    /// The jobs that this job waits for: up to 200, of which at most 20 by `jobId`. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    #[x_kube(
        validation = (
            "self.filter(d, has(d.jobId)).size() <= 20",
            "dependsOn: AWS takes at most 20 jobs by jobId"
        )
    )]
    pub depends_on: Option<Vec<JobDependency>>,
    /// Values of the `Ref::name` placeholders in the job definition's command. Replace its defaults. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxProperties" = 500))]
    #[x_kube(
        validation = (
            "self.map(k, size(k) + size(self[k])).sum() <= 30720",
            "parameters: names and values hold more than 30720 characters, and AWS Batch takes requests of 30720 bytes; move data to Amazon S3"
        )
    )]
    pub parameters: Option<BTreeMap<String, String>>,
    /// Overrides for the container of the job. Set at most one of `containerOverrides`, `ecsPropertiesOverride`, `eksPropertiesOverride` and `nodeOverrides`. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container_overrides: Option<ContainerOverrides>,
    /// Overrides for a multi-node parallel job. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_overrides: Option<NodeOverrides>,
    /// How often AWS Batch retries a failed job. Replaces the job definition's retry strategy. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_strategy: Option<RetryStrategy>,
    /// Whether AWS Batch copies the tags to the Amazon ECS task. More than 50 tags of job and definition together fail the job. Default: the job definition's value. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub propagate_tags: Option<bool>,
    /// When AWS Batch terminates an attempt. Replaces the job definition's timeout. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<JobTimeout>,
    /// The job's tags, up to 46: AWS allows 50, and the operator sets four. Keys have 1 to 128 characters and must not start with `aws:` or `awsbatch.dev/`. Values have up to 256 characters. Allowed are letters, digits, spaces and `_ . : / = + - @`. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxProperties" = 46, "additionalProperties" = { "type": "string", "maxLength": 256 }))]
    #[x_kube(
        validation = (
            "self.all(k, size(k) >= 1 && size(k) <= 128)",
            "tags: keys hold 1 to 128 characters"
        ),
        validation = (
            "self.all(k, k.matches('^[\\\\p{L}\\\\p{Z}\\\\p{N}_.:/=+@-]*$') && self[k].matches('^[\\\\p{L}\\\\p{Z}\\\\p{N}_.:/=+@-]*$'))",
            "tags: AWS takes letters, digits, spaces and _ . : / = + - @ in keys and values"
        ),
        validation = (
            "self.all(k, !k.matches('^[aA][wW][sS]:'))",
            "tags: keys that begin with aws:, in any case, are reserved for AWS; choose another"
        ),
        validation = (
            "self.all(k, !k.startsWith('awsbatch.dev/'))",
            "tags: keys that begin with awsbatch.dev/ tell the job's identity; choose another"
        )
    )]
    pub tags: Option<BTreeMap<String, String>>,
    /// Overrides for a job on Amazon EKS. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eks_properties_override: Option<EksPropertiesOverride>,
    /// Overrides for a multi-container job on Amazon ECS. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ecs_properties_override: Option<EcsPropertiesOverride>,
    /// The consumable resources. Replace those of the job definition. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumable_resource_properties_override: Option<ConsumableResourceProperties>,
    /// While true, the job is not submitted. A change has no effect after the submission. Default: false. Mutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<bool>,
    /// What happens to the job at the deletion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_policy: Option<DeletionPolicy>,
    /// Seconds after the end of the job at which this object is deleted. Default: never. Mutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 31_536_000))]
    pub ttl_seconds_after_finished: Option<i64>,
    /// Seconds after this object's creation, or after its last resume. If AWS has no job of the object by then, the object becomes Failed. The operator first searches for a job that may exist. Default: never. Mutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 31_536_000))]
    pub submit_deadline_seconds: Option<i64>,
    /// Seconds after the submission. A job that has not started for the first time by then is cancelled. A job that has started is never cancelled, also between two attempts. Default: never. Mutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 31_536_000))]
    pub queue_deadline_seconds: Option<i64>,
    /// Seconds after the submission. A job that has not ended by then is terminated. Default: never. Mutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 31_536_000))]
    pub active_deadline_seconds: Option<i64>,
    /// What happens after an unclear answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission_policy: Option<SubmissionPolicy>,
    /// The name of another controller that manages this object. This operator then ignores the object. Default: this operator. Immutable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    pub managed_by: Option<String>,
}

impl BatchJob {
    /// Whether the phase is terminal. It never changes again.
    pub fn has_ended(&self) -> bool {
        self.status.as_ref().and_then(|status| status.phase).is_some_and(super::Phase::is_terminal)
    }

    /// The job that the object asks to follow. `Situation::adopts` says whether the operator does as asked.
    pub fn job_to_adopt(&self) -> Option<&str> {
        self.metadata.annotations.as_ref()?.get(super::ADOPT_ANNOTATION).map(String::as_str)
    }
}
