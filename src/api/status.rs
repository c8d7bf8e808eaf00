//! The status: what AWS says of the job, small and bounded.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::submission::{JobTarget, SubmissionStatus};

/// The state of the object: Pending, Suspended, Submitted, Running, Succeeded, Failed or Unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Phase {
    /// Not submitted yet.
    Pending,
    /// Held back by `spec.suspend`.
    Suspended,
    /// AWS has the job; it does not run yet.
    Submitted,
    /// The job runs; an array parent: its children run.
    Running,
    /// The job succeeded.
    Succeeded,
    /// The job failed, or was refused for good.
    Failed,
    /// What became of the job cannot be known any more.
    Unknown,
}

impl Phase {
    /// Whether it is an end: nothing follows it.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Unknown)
    }
}

/// The state of the job, as the operator last saw it. The operator writes the status only when something changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchJobStatus {
    /// The generation of the spec that the operator last acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// The state of the object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// The status of the job in AWS Batch: SUBMITTED, PENDING, RUNNABLE, STARTING, RUNNING, SUCCEEDED or FAILED.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub job_status: Option<String>,
    /// The job's id in AWS Batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub job_id: Option<String>,
    /// The job's name in AWS Batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub job_name: Option<String>,
    /// The job's ARN.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub job_arn: Option<String>,
    /// The ARN of the job queue, as AWS resolved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub job_queue: Option<String>,
    /// The ARN of the job definition with its revision, as AWS resolved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub job_definition: Option<String>,
    /// One line that explains the present state.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub reason: Option<String>,
    /// When AWS accepted the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<Time>,
    /// When the job began to run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Time>,
    /// When the job ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<Time>,
    /// The exit code of the container that ran last. Array job: of the child that failed first. Multi-node job: of the main node. Several containers: of the container that failed, or of the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// How many attempts have ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<i32>,
    /// The attempt that ended last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_attempt: Option<LastAttempt>,
    /// The log stream of the job in Amazon CloudWatch Logs. Array job: of the child that failed first. Multi-node job: of the main node, once that node has ended. Several containers: of the container that failed, or of the first. Absent if the job definition's log driver is not awslogs. Absent for jobs on Amazon EKS: read their logs with `kubectl logs` in the cluster that `status.pod` names. The pod is deleted soon after its end. Its log then is where that cluster collects logs, such as Container Insights or Fluent Bit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logs: Option<Logs>,
    /// The pod of a job on Amazon EKS: of the attempt that runs, or that ran last. Use `kubectl logs` in that cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod: Option<PodStatus>,
    /// The job's page in the AWS console.
    #[serde(skip_serializing_if = "Option::is_none", rename = "consoleURL")]
    #[schemars(length(max = 1024))]
    pub console_url: Option<String>,
    /// The children of an array job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub array: Option<ArrayStatus>,
    /// How many nodes a multi-node parallel job has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub num_nodes: Option<i32>,
    /// The BatchJobs that `spec.dependsOn` names. Removed once AWS has the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dependencies: Option<DependencyStatus>,
    /// The AWS account and Region that the job is in. Never changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<JobTarget>,
    /// The latest submission that AWS did not accept. Removed once AWS has the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission: Option<SubmissionStatus>,
    /// 1 once the job has succeeded, otherwise 0. Counts the job as a whole, as in a batch/v1 Job. The children of an array job are counted in `array`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub succeeded: Option<i32>,
    /// 1 at every end other than success, otherwise 0. An object without a job, and an end that AWS no longer shows, count as failed too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<i32>,
    /// The conditions Submitted, Complete, Failed, Finished, Suspended, Schedulable and Observed. Reconciling and Stalled are for kstatus.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    pub conditions: Vec<Condition>,
}

/// The attempt that ended last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LastAttempt {
    /// When the attempt started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Time>,
    /// When the attempt ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<Time>,
    /// The exit code of the container. Several containers: of the container that `status.exitCode` is from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// The container's reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub reason: Option<String>,
    /// AWS's statusReason.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub status_reason: Option<String>,
    /// The Amazon ECS task. Absent for jobs on Amazon EKS.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub task_arn: Option<String>,
}

/// Where the log is, in Amazon CloudWatch Logs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Logs {
    /// The log group.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub group: Option<String>,
    /// The log stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub stream: Option<String>,
    /// The stream in the AWS console.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub url: Option<String>,
}

/// The pod of an attempt on Amazon EKS.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodStatus {
    /// The ARN of the Amazon EKS cluster. AWS shows the ARN once an attempt has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub cluster: Option<String>,
    /// The pod's namespace in that cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 253))]
    pub namespace: Option<String>,
    /// The pod's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 253))]
    pub name: Option<String>,
    /// The node that the pod runs on, or ran on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 253))]
    pub node: Option<String>,
}

/// The children of an array job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArrayStatus {
    /// The number of children.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<i32>,
    /// The number of children in each status of AWS Batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxProperties" = 16))]
    pub status_summary: Option<BTreeMap<String, i32>>,
    /// The indexes of the failed children, compressed: `1,3-5`. A `…` at the end stands for indexes that do not fit. `statusSummary` counts all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub failed_indexes: Option<String>,
}

/// Places in `spec.dependsOn`, counted from 0, compressed: `1,3-5`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DependencyStatus {
    /// Dependencies that the operator has seen. A seen dependency that no longer exists was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub seen: Option<String>,
    /// Dependencies that succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub succeeded: Option<String>,
}
