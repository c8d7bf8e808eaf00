//! The status: what AWS says of the job, small and bounded.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::submission::{JobTarget, SubmissionStatus};

/// Where the object is in its life. Coarse and stable.
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

/// What is known of the job. Written by the operator, and only when something changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BatchJobStatus {
    /// The generation of the spec that this status speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// Where the job is in its life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// AWS's own word: SUBMITTED, PENDING, RUNNABLE, STARTING, RUNNING, SUCCEEDED or FAILED.
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
    /// The queue's ARN, as AWS resolved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub job_queue: Option<String>,
    /// The definition's ARN with its revision, as AWS resolved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub job_definition: Option<String>,
    /// One line for a person: why it is as it is.
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
    /// The exit code of the container that ran last; of an array, of the child that failed first; of a multi-node job, of its main node; of several containers, of the one that failed, or the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// How many attempts have ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<i32>,
    /// The attempt that ended last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_attempt: Option<LastAttempt>,
    /// Where the log is: of an array, of the child that failed first; of a multi-node job, of its main node once it has ended; of a job of several containers, of the one that failed, or the first. Absent where the definition's log driver is not awslogs, and for jobs on Amazon EKS, whose logs AWS Batch does not keep: read those with `kubectl logs` in the cluster that runs the pod, which `status.pod` names, and once the pod is gone, which is soon after its end, wherever that cluster collects its logs, such as Container Insights or Fluent Bit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logs: Option<Logs>,
    /// The pod of a job on Amazon EKS: of the attempt that runs, or ran last. `kubectl logs` finds the log by it, in that cluster.
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
    /// What is known of the BatchJobs that this one waits for by name. Gone once AWS has the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dependencies: Option<DependencyStatus>,
    /// The AWS account and Region that the job is in. Never changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<JobTarget>,
    /// The latest submission that AWS did not accept. Gone once AWS has the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission: Option<SubmissionStatus>,
    /// 1 once the job has succeeded, else 0. Counts the whole job, as workflow engines know it of a batch/v1 Job: the children of an array are in `array`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub succeeded: Option<i32>,
    /// 1 at every end but success, else 0: also where nothing was sent, and where the end cannot be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<i32>,
    /// Submitted, Complete, Failed, Finished, Suspended, Schedulable, Observed, and for kstatus Reconciling and Stalled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["type"]))]
    pub conditions: Vec<Condition>,
}

/// The attempt that ended last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LastAttempt {
    /// When it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Time>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<Time>,
    /// The container's exit code; of several containers, of the same one as `status.exitCode`.
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
    /// The ARN of the Amazon EKS cluster. AWS tells it once an attempt has ended.
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
    /// How many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<i32>,
    /// How many are in each state; AWS's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("maxProperties" = 16))]
    pub status_summary: Option<BTreeMap<String, i32>>,
    /// The indexes of those that failed, compressed: `1,3-5`. A last `…` stands for those that do not fit; `statusSummary` counts them all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub failed_indexes: Option<String>,
}

/// Places in `spec.dependsOn`, counted from 0, compressed: `1,3-5`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DependencyStatus {
    /// Those that were seen: one that is gone later was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub seen: Option<String>,
    /// Those that succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub succeeded: Option<String>,
}
