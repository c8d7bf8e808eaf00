//! How the logs behave, and what is written past the protocol.

use serde::{Deserialize, Serialize};

use super::event::Event;

/// How the logs behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LogSettings {
    /// How long after a job has written a line the service has it.
    pub ingestion_ms: i64,
    /// How long after an attempt has begun its stream is there.
    pub stream_ms: i64,
    /// The most bytes of a page: each event counts its message and 26 more.
    pub page_bytes: usize,
    /// The most events of a page.
    pub page_events: usize,
    /// The most time that one page covers. A longer time without events makes empty pages.
    pub page_span_ms: i64,
    /// GetLogEvents in a second; `None`: no limit.
    pub reads_per_second: Option<u32>,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self {
            ingestion_ms: 0,
            stream_ms: 0,
            page_bytes: 1 << 20,
            page_events: 10_000,
            page_span_ms: i64::MAX,
            reads_per_second: Some(25),
        }
    }
}

/// Lines from somebody who makes no request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Written {
    /// The group, which is made if there is none.
    pub group: String,
    /// The stream, which is made if there is none.
    pub stream: String,
    /// The Region; `None`: that of the account.
    #[serde(default)]
    pub region: Option<String>,
    /// The lines.
    pub events: Vec<Event>,
}
