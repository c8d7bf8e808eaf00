//! What each kind of failure means, in one table: whoever has to decide about a failed call reads it here.

use std::time::Duration;

use crate::api::SubmissionOutcome as Outcome;
use crate::api::condition::Reason;
use crate::job::FaultKind;

/// How far a call came that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing of it reached AWS.
    Unsent,
    /// AWS said no, and has surely not carried it out.
    Rejected,
    /// AWS may have carried it out.
    Unknown,
}

/// What a failed call means.
#[derive(Clone, Copy, Debug)]
pub struct Meaning {
    pub reach: Reach,
    /// Whether it ends without anybody doing anything about it.
    pub passes_by_itself: bool,
    /// Whether what was asked for, an id for example, may be the reason.
    pub may_be_what_was_asked: bool,
    /// What conditions say.
    pub reason: Reason,
    /// What the status records of a submission.
    pub outcome: Outcome,
    /// The first and the longest pause before SubmitJob is tried again, in milliseconds.
    pub pauses: (i64, i64),
    /// The first pause of the tracker.
    pub read_pause: Duration,
}

impl FaultKind {
    /// Every kind. Of two with one outcome the first is read back from a status.
    pub const ALL: [Self; 6] =
        [Self::Throttled, Self::Refused, Self::Denied, Self::NoCredentials, Self::NotSent, Self::Unclear];

    /// The table.
    pub fn meaning(self) -> Meaning {
        use Reach::{Rejected, Unknown, Unsent};
        let (reach, passes_by_itself, may_be_what_was_asked, reason, outcome, pauses, read_pause) = match self
        {
            Self::Throttled => {
                (Rejected, true, false, Reason::Throttled, Outcome::Throttled, (1_000, 30_000), 1)
            }
            // A queue may yet appear that cannot be looked at.
            Self::Refused => (Rejected, false, true, Reason::Refused, Outcome::Refused, (5_000, 300_000), 1),
            // A permission may yet be granted. All that wait for it share the account's rate with those that do not: ten
            // thousand are eleven of the fifty requests a second.
            Self::Denied => {
                (Rejected, false, true, Reason::AccessDenied, Outcome::AccessDenied, (5_000, 900_000), 5)
            }
            Self::NoCredentials => {
                (Unsent, false, false, Reason::AccessDenied, Outcome::AccessDenied, (5_000, 300_000), 5)
            }
            Self::NotSent => {
                (Unsent, true, false, Reason::Unreachable, Outcome::Unreachable, (1_000, 60_000), 1)
            }
            Self::Unclear => {
                (Unknown, true, true, Reason::Unreachable, Outcome::Unreachable, (1_000, 60_000), 1)
            }
        };
        let read_pause = Duration::from_secs(read_pause);
        Meaning { reach, passes_by_itself, may_be_what_was_asked, reason, outcome, pauses, read_pause }
    }

    /// The kind that a status tells of; `None`: it tells of no failure.
    pub fn recorded(outcome: Outcome) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.meaning().outcome == outcome)
    }

    /// Whether the call may have been carried out all the same.
    pub fn is_unclear(self) -> bool {
        self.meaning().reach == Reach::Unknown
    }

    /// Whether such a failure ends without anybody doing anything about it.
    pub fn passes_by_itself(self) -> bool {
        self.meaning().passes_by_itself
    }

    /// Whether AWS said no, and will say so again until somebody does something about it.
    pub fn is_no(self) -> bool {
        self.meaning().reach == Reach::Rejected && !self.passes_by_itself()
    }
}
