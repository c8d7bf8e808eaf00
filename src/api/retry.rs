//! `RetryStrategy` and `JobTimeout`: how often and how long a job is tried.

use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// How often AWS Batch retries a failed job. Replaces the job definition's retry strategy.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = (
        "!has(self.evaluateOnExit) || has(self.attempts)",
        "attempts is needed beside evaluateOnExit: set retryStrategy.attempts (1 to 10)"
    )
)]
pub struct RetryStrategy {
    /// The number of attempts, the first included: 1 to 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10))]
    pub attempts: Option<i32>,
    /// Conditions that decide whether a failed attempt is retried. The first condition that matches decides. Without a match the attempt is retried. Needs `attempts`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 5))]
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub evaluate_on_exit: Option<Vec<EvaluateOnExit>>,
}

/// What to do when a condition matches. AWS does not mind the case; what goes out is in capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RetryAction {
    /// Try again.
    #[serde(alias = "retry", alias = "Retry")]
    Retry,
    /// Give up.
    #[serde(alias = "exit", alias = "Exit")]
    Exit,
}

/// A condition on the end of an attempt. All members that are set must match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct EvaluateOnExit {
    /// What to do when the condition matches: RETRY or EXIT. AWS takes capital and small letters.
    #[schemars(with = "String", extend("enum" = ["RETRY", "EXIT", "retry", "exit", "Retry", "Exit"]))]
    pub action: RetryAction,
    /// A pattern for the exit code: digits, with an optional trailing `*`. At most 512 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 512))]
    #[schemars(regex(pattern = r"^[0-9]*\*?$"))]
    pub on_exit_code: Option<String>,
    /// A pattern for the container's reason: letters, digits, `.`, `:`, blanks, with an optional trailing `*`. At most 512 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 512))]
    #[schemars(regex(pattern = r"^[0-9A-Za-z.:\s]*\*?$"))]
    pub on_reason: Option<String>,
    /// A pattern for the statusReason: letters, digits, `.`, `:`, blanks, with an optional trailing `*`. At most 512 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 512))]
    #[schemars(regex(pattern = r"^[0-9A-Za-z.:\s]*\*?$"))]
    pub on_status_reason: Option<String>,
}

/// When AWS Batch terminates an attempt.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobTimeout {
    /// Seconds from the attempt's startedAt; at least 60. A job that timed out is not retried. The timeout applies to each child of an array job, and to a multi-node job as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 60))]
    pub attempt_duration_seconds: Option<i32>,
}
