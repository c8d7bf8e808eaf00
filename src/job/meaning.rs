//! What each kind of fault means, in one table. All decisions about a failed call use this table.

use std::time::Duration;

use crate::api::SubmissionOutcome as Outcome;
use crate::api::condition::Reason;
use crate::job::FaultKind;

/// How far a failed call came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing reached AWS.
    Unsent,
    /// AWS refused the call, and certainly has not carried it out.
    Rejected,
    /// AWS may have carried it out.
    Unknown,
}

/// What a failed call means.
#[derive(Clone, Copy, Debug)]
pub struct Meaning {
    pub reach: Reach,
    /// Whether the failure ends without any action of a person.
    pub passes_by_itself: bool,
    /// Whether a value in the request, such as an id, may be the reason.
    pub may_be_what_was_asked: bool,
    /// The reason in conditions.
    pub reason: Reason,
    /// The outcome in the status of a submission.
    pub outcome: Outcome,
    /// The first and the longest pause before SubmitJob is tried again, in milliseconds.
    pub pauses: (i64, i64),
    /// The first pause of the tracker.
    pub read_pause: Duration,
}

impl FaultKind {
    /// Every kind. If two kinds share an outcome, a status is read back as the first.
    pub const ALL: [Self; 6] =
        [Self::Throttled, Self::Refused, Self::Denied, Self::NoCredentials, Self::NotSent, Self::Unclear];

    pub fn meaning(self) -> Meaning {
        use Reach::{Rejected, Unknown, Unsent};
        let (reach, passes_by_itself, may_be_what_was_asked, reason, outcome, pauses, read_pause) = match self
        {
            Self::Throttled => {
                (Rejected, true, false, Reason::Throttled, Outcome::Throttled, (1_000, 30_000), 1)
            }
            // The queue may still be created, and the tracker may be unable to look at it.
            Self::Refused => (Rejected, false, true, Reason::Refused, Outcome::Refused, (5_000, 300_000), 1),
            // The permission may still be granted. All objects share the account's rate: ten thousand that wait for a
            // permission use eleven of the fifty requests a second.
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

    /// The kind for an outcome in a status; `None`: the outcome is no failure.
    pub fn recorded(outcome: Outcome) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.meaning().outcome == outcome)
    }

    /// Whether the call may have been carried out.
    pub fn is_unclear(self) -> bool {
        self.meaning().reach == Reach::Unknown
    }

    /// Whether the failure ends without any action of a person.
    pub fn passes_by_itself(self) -> bool {
        self.meaning().passes_by_itself
    }

    /// Whether AWS refused the call, and will refuse it again until a person acts.
    pub fn is_no(self) -> bool {
        self.meaning().reach == Reach::Rejected && !self.passes_by_itself()
    }
}
