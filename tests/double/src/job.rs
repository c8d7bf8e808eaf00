//! A job as it was accepted. What state it is in follows from that and from the time: see `life`.

use serde_json::Value;

use crate::behaviour::Behaviour;

/// An accepted job.
#[derive(Clone, Debug)]
pub struct Job {
    /// The id.
    pub id: String,
    /// When it was accepted, in milliseconds since 1970.
    pub created_at: i64,
    /// The request as it came.
    pub request: Value,
    /// The queue's ARN.
    pub queue: String,
    /// The definition's ARN with its revision.
    pub definition: String,
    /// How it behaves.
    pub behaviour: Behaviour,
    /// The ids of the jobs it waits for.
    pub depends_on: Vec<String>,
    /// How many attempts it has, and after which ends it is given up.
    pub retry: Retry,
    /// When an attempt is ended, in milliseconds of running.
    pub timeout_ms: Option<i64>,
    /// The number of children, for an array.
    pub array_size: Option<i32>,
    /// When someone terminated it, and why.
    pub terminated: Option<(i64, String)>,
    /// When someone cancelled it before it started, and why.
    pub cancelled: Option<(i64, String)>,
}

/// How often a job is tried.
#[derive(Clone, Debug, Default)]
pub struct Retry {
    /// Attempts in all; at least 1.
    pub attempts: u32,
    /// The conditions of `evaluateOnExit`, in order.
    pub conditions: Vec<Condition>,
}

/// One condition of `evaluateOnExit`.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Whether a match ends the tries.
    pub exits: bool,
    /// A pattern for the exit code.
    pub exit_code: Option<String>,
    /// A pattern for the container's reason.
    pub reason: Option<String>,
    /// A pattern for the status reason.
    pub status_reason: Option<String>,
}

impl Retry {
    /// Whether an attempt that ended so is followed by another. No match means yes.
    pub fn goes_on(&self, ended: u32, exit_code: i32, reason: &str, status_reason: &str) -> bool {
        if ended >= self.attempts {
            return false;
        }
        let matching = self.conditions.iter().find(|condition| {
            matches(condition.exit_code.as_deref(), &exit_code.to_string())
                && matches(condition.reason.as_deref(), reason)
                && matches(condition.status_reason.as_deref(), status_reason)
        });
        matching.is_none_or(|condition| !condition.exits)
    }
}

/// A pattern may end in `*`; one that is not given matches everything.
fn matches(pattern: Option<&str>, text: &str) -> bool {
    match pattern {
        None => true,
        Some(pattern) => match pattern.strip_suffix('*') {
            Some(prefix) => text.starts_with(prefix),
            None => text == pattern,
        },
    }
}

impl Job {
    /// The name, as it was given.
    pub fn name(&self) -> &str {
        self.request["jobName"].as_str().unwrap_or_default()
    }

    /// How many children go well, and how many fail.
    pub fn children(&self) -> (i32, i32) {
        let size = self.array_size.unwrap_or(0);
        let bad = i32::try_from(self.behaviour.failing_indexes.range(0..size).count()).unwrap_or(size);
        (size - bad, bad)
    }
}
