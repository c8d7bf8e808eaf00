//! How a call fails, sorted by what may be done next. Made in one place (`aws::fault`); nobody else reads codes, and
//! nobody reads message text.

use std::fmt;

/// What a failed call means for what comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// 429: too fast. Surely not accepted.
    Throttled,
    /// 400: AWS says no. Surely not accepted.
    Refused,
    /// 403: not allowed. Surely not accepted.
    Denied,
    /// No credentials were found, or none could be had. Never sent.
    NoCredentials,
    /// Nothing reached AWS: no connection, or the time for sending had passed, or we may not act any more. Never sent.
    NotSent,
    /// Everything else: the call may or may not have been carried out.
    Unclear,
}

impl FaultKind {
    /// Whether the call may have been carried out all the same.
    pub fn is_unclear(self) -> bool {
        matches!(self, Self::Unclear)
    }

    /// The label of this kind in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Refused => "refused",
            Self::Denied => "denied",
            Self::NoCredentials => "no_credentials",
            Self::NotSent => "not_sent",
            Self::Unclear => "unclear",
        }
    }
}

/// A failed call of AWS Batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it means.
    pub kind: FaultKind,
    /// AWS's error code, where it gave one.
    pub code: Option<String>,
    /// What AWS or the network said, in one line and at most 512 characters.
    pub message: String,
}

impl Fault {
    /// A fault; the message is cut to one line that fits a condition.
    pub fn new(kind: FaultKind, code: Option<String>, message: &str) -> Self {
        let one_line = message.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { kind, code, message: one_line.chars().take(512).collect() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => write!(f, "{code}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for Fault {}
