//! How a job behaves: how long it stays in each state, and how it ends. Knows nothing of requests or of time.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// How long a job stays in each state, in milliseconds, and how its attempts end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Behaviour {
    /// In SUBMITTED, before anything else.
    pub submitted_ms: i64,
    /// In RUNNABLE, before each attempt.
    pub runnable_ms: i64,
    /// In STARTING, in each attempt.
    pub starting_ms: i64,
    /// In RUNNING, in each attempt.
    pub running_ms: i64,
    /// The exit code of an attempt, of several containers the last one's; 0 is success.
    pub exit_code: i32,
    /// The container's reason when an attempt fails.
    pub reason: Option<String>,
    /// So many attempts fail with exit code 1 before `exit_code` counts.
    pub failing_attempts: u32,
    /// The children of an array that fail with exit code 1.
    pub failing_indexes: BTreeSet<i32>,
    /// Stays RUNNABLE, with this statusReason.
    pub stuck: Option<String>,
    /// For so long; as it begins, for ever.
    pub stuck_ms: i64,
    /// What each of its containers writes to its log.
    pub output: Output,
}

/// What each container of an attempt writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Output {
    /// As it begins to run.
    pub first: Vec<String>,
    /// `line 1`, `line 2` and so on, so many milliseconds apart; 0: none.
    pub every_ms: i64,
    /// As it ends by itself.
    pub last: Vec<String>,
}

impl Default for Output {
    fn default() -> Self {
        Self { first: vec!["started".to_owned()], every_ms: 0, last: vec!["done".to_owned()] }
    }
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
            stuck_ms: i64::MAX,
            output: Output::default(),
        }
    }
}

impl Behaviour {
    /// Runs until it is ended.
    pub fn forever() -> Self {
        Self::runs(i64::MAX)
    }

    /// Runs for so many milliseconds and succeeds.
    pub fn runs(running_ms: i64) -> Self {
        Self { running_ms, ..Self::default() }
    }

    /// Runs and fails with this exit code.
    pub fn fails(exit_code: i32) -> Self {
        Self { exit_code, ..Self::default() }
    }

    /// Never leaves RUNNABLE, for this reason.
    pub fn stuck(reason: &str) -> Self {
        Self { stuck: Some(reason.to_owned()), ..Self::default() }
    }

    /// A definition called `sleepN` runs for N seconds, each `scale` of a second long; every other for half a second.
    pub fn of_definition(name: &str, scale: f64) -> Self {
        let seconds = name.strip_prefix("sleep").and_then(|seconds| seconds.parse::<u32>().ok());
        seconds.map_or_else(Self::default, |seconds| Self::runs(scaled(seconds.into(), scale)))
    }
}

/// So many seconds in milliseconds, each `scale` of a second long.
pub fn scaled(seconds: i64, scale: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "`as` saturates")]
    let milliseconds = (seconds as f64 * 1000.0 * scale) as i64;
    milliseconds
}
