//! How a job behaves: how long it stays in each state, and how it ends.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// How long a job stays in each state, in milliseconds, and how its attempts end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Behaviour {
    /// In SUBMITTED, before anything else.
    pub submitted_ms: i64,
    /// In RUNNABLE, before each attempt.
    pub runnable_ms: i64,
    /// In STARTING, in each attempt.
    pub starting_ms: i64,
    /// In RUNNING, in each attempt.
    pub running_ms: i64,
    /// The exit code of an attempt; 0 is success.
    pub exit_code: i32,
    /// The container's reason when it fails.
    pub reason: Option<String>,
    /// So many attempts fail with exit code 1 before `exit_code` counts.
    pub failing_attempts: u32,
    /// The children of an array that fail.
    pub failing_indexes: BTreeSet<i32>,
    /// Never leaves RUNNABLE, with this statusReason.
    pub stuck: Option<String>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            submitted_ms: 100,
            runnable_ms: 200,
            starting_ms: 200,
            running_ms: 500,
            exit_code: 0,
            reason: None,
            failing_attempts: 0,
            failing_indexes: BTreeSet::new(),
            stuck: None,
        }
    }
}

impl Behaviour {
    /// Runs until it is ended.
    pub fn forever() -> Self {
        Self { running_ms: i64::MAX / 4, ..Self::default() }
    }

    /// Runs for so many milliseconds and succeeds.
    pub fn runs(running_ms: i64) -> Self {
        Self { running_ms, ..Self::default() }
    }

    /// Runs and fails with this exit code.
    pub fn fails(exit_code: i32) -> Self {
        Self { exit_code, ..Self::default() }
    }

    /// A definition called `sleepN` runs for N seconds, and every other for half a second.
    pub fn of_definition(name: &str, scale: f64) -> Self {
        let seconds = name.strip_prefix("sleep").and_then(|n| n.parse::<u32>().ok());
        match seconds {
            #[allow(clippy::cast_possible_truncation, reason = "a duration of at most an age")]
            Some(seconds) => Self::runs((f64::from(seconds) * 1000.0 * scale) as i64),
            None => Self::default(),
        }
    }
}
