//! What helps where a BatchJob stands: cause, evidence and way out, by reason. Said here once: docs/debugging.md prints the
//! rows as tables, and `explain` and `kubectl batchjob why` tell the one that fits. Pure.

mod deletion;
mod end;
mod job;
mod submission;
mod unseen;

pub use deletion::DELETED;
pub use end::ENDED;
pub use job::{HAS_JOB, UNREAD};
pub use submission::NOT_SUBMITTED;
pub use unseen::UNSEEN;

use crate::api::condition::Reason;

/// One row. The texts are Markdown of docs/debugging.md, where links without a file lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Help {
    /// The reasons that it is about.
    pub reasons: &'static [Reason],
    /// The condition that must give the reason; empty: any.
    pub at: &'static str,
    /// What has happened.
    pub cause: &'static str,
    /// Where that can be seen.
    pub evidence: &'static str,
    /// What to do.
    pub way_out: &'static str,
}

/// The first row about this reason of this condition.
pub fn find(rows: &[Help], condition: &str, reason: &str) -> Option<Help> {
    let fits = |row: &&Help| {
        (row.at.is_empty() || row.at == condition) && row.reasons.iter().any(|one| one.as_str() == reason)
    };
    rows.iter().find(fits).copied()
}
