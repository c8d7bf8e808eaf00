//! One line of a log, and its place among the others.

use serde::{Deserialize, Serialize};

/// A line as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Event {
    /// When it happened, in milliseconds since 1970.
    pub timestamp: i64,
    /// The line.
    pub message: String,
    /// When the service has it, and shows it; `None`: as it arrives.
    #[serde(default)]
    pub ingestion_time: Option<i64>,
}

/// The order of events in a stream: by time, then as the service took them in.
pub type Key = (i64, i64, u64);

/// A line that the service has.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its place.
    pub key: Key,
    /// The line.
    pub message: String,
}

impl Event {
    /// As the service keeps it: `number` counts all that arrive.
    pub fn arrived(self, now: i64, number: u64) -> Kept {
        Kept { key: (self.timestamp, self.ingestion_time.unwrap_or(now), number), message: self.message }
    }
}

impl Kept {
    /// What it counts for in a page or a batch.
    pub fn bytes(&self) -> usize {
        size(&self.message)
    }

    /// Whether reads show it.
    pub fn is_visible(&self, now: i64) -> bool {
        self.key.1 <= now
    }
}

/// What a message counts for in a page or a batch.
pub fn size(message: &str) -> usize {
    message.len() + 26
}
