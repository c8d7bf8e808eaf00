//! Whether an object is in doubt, why, and until when a request may reach AWS.

use jiff::{SignedDuration, Timestamp};

use crate::api::{SubmissionOutcome, SubmissionStatus};
use crate::moment::{Moment, Reading};
use crate::plan::claim::{Claim, Claimed, claimed};
use crate::plan::deed::{Attempt, Outcome};
use crate::plan::rule::lost::has_lost_its_claim;
use crate::plan::situation::Situation;

/// A job of the object may exist that no record names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    pub cause: Cause,
    /// Since when, for messages and pauses.
    pub since: Timestamp,
    /// The ends of the times in which a request can reach AWS.
    ends: Vec<End>,
}

/// Why a job may exist. Rules about claims hold for [`Cause::Claim`] only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A claim was made at this time, and the outcome of its request is unknown.
    Claim(Timestamp),
    /// A claim was removed, or cannot be read.
    LostClaim,
    /// The object is old and was seen just now: a restore may have brought it back.
    Age,
}

/// The last moment at which a request can reach AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Measured by this process.
    Own(Reading),
    /// Derived from the time in a claim, by the wall clock.
    Claimed(Timestamp),
}

/// An object that is older than this when first seen may come from a restore, so a search comes first.
const OLD: SignedDuration = SignedDuration::from_mins(5);

impl Doubt {
    /// Whether a search that began at `asked` shows every job that is hidden for at most `window`.
    pub fn is_over(&self, asked: Reading, window: SignedDuration) -> bool {
        self.left(asked, window) <= SignedDuration::ZERO
    }

    /// How long after `now` a search must begin to show every job that is hidden for at most `window`.
    pub fn left(&self, now: Reading, window: SignedDuration) -> SignedDuration {
        let left = self.ends.iter().map(|end| match end {
            End::Own(end) => end.moment.since(now.moment),
            End::Claimed(at) => at.duration_since(now.wall),
        });
        left.max().map_or(SignedDuration::ZERO, |left| left.saturating_add(window))
    }

    /// The wall time at which such a search may begin.
    pub fn over_at(&self, window: SignedDuration) -> Timestamp {
        let ends = self.ends.iter().map(|end| match end {
            End::Own(end) => end.wall,
            End::Claimed(at) => *at,
        });
        let last = ends.max().unwrap_or(self.since);
        last.saturating_add(window).unwrap_or(last)
    }

    /// Whether there is a sign of a request, apart from the age of the object.
    pub fn shows_a_send(&self) -> bool {
        self.cause != Cause::Age
    }
}

impl Situation<'_> {
    /// Whether a job may exist that the status does not know, and why.
    pub fn doubt(&self) -> Option<Doubt> {
        match (self.doubt_of_attempt(), self.doubt_of_object()) {
            // A doubt by age adds nothing: the wait for an answer counts from the request.
            (Some(own), Some(other)) if other.shows_a_send() => Some(Doubt {
                cause: own.cause,
                since: own.since.min(other.since),
                ends: [own.ends, other.ends].concat(),
            }),
            (own, other) => own.or(other),
        }
    }

    /// Whether a job of an earlier claim may exist although no search found it.
    pub fn may_be_second(&self) -> bool {
        self.attempt.as_ref().is_some_and(|attempt| attempt.again)
            || matches!(self.claimed(), Claimed::Yes(claim) if claim.again)
            || self.doubt().is_some_and(|doubt| doubt.shows_a_send())
    }

    /// The latest claim: the one on the object, or the one that this process has seen there.
    pub fn claimed(&self) -> Claimed {
        match (claimed(self.object), &self.known_claim) {
            (Claimed::No, Some(known)) => Claimed::Yes(known.clone()),
            (found, _) => found,
        }
    }

    /// A request of this process without an answer may reach AWS until its signature expires. Closing the connection
    /// does not recall the bytes.
    fn doubt_of_attempt(&self) -> Option<Doubt> {
        let Attempt { claimed, ended, outcome: Outcome::Unclear(fault), .. } = self.attempt.as_ref()? else {
            return None;
        };
        let end = if fault.answered { *ended } else { *claimed + self.settings.signature_life };
        Some(Doubt { cause: Cause::Claim(claimed.wall), since: claimed.wall, ends: vec![End::Own(end)] })
    }

    /// The doubt that the object shows. Only an existing claim can be settled: after a claim was removed, another
    /// replica may have written a later one.
    fn doubt_of_object(&self) -> Option<Doubt> {
        let life = self.settings.signature_life;
        match claimed(self.object) {
            // A restore may have brought back an older version, without the latest claim.
            Claimed::Yes(claim) if self.is_own(&claim) || self.is_settled(&claim) => self.doubt_of_age(),
            // No clock is wrong by so much: a person edited the time.
            Claimed::Yes(claim) if claim.at > self.now.wall + life => Some(lost(self.first_seen, life)),
            Claimed::Yes(claim) => {
                let end = claim.at.saturating_add(life).unwrap_or(claim.at);
                let ends = vec![End::Claimed(end)];
                Some(Doubt { cause: Cause::Claim(claim.at), since: claim.at, ends })
            }
            // An adopting object never submits, and has the finalizer without a claim.
            Claimed::No if self.adopts().is_some() => None,
            Claimed::No | Claimed::Unreadable
                if has_lost_its_claim(self.object, self.known_claim.is_some()) =>
            {
                Some(lost(self.claim_lost_at.unwrap_or(self.first_seen), life))
            }
            Claimed::No => self.doubt_of_age(),
            Claimed::Unreadable => None,
        }
    }

    fn doubt_of_age(&self) -> Option<Doubt> {
        let seen = self.first_seen;
        let is_old = seen.wall.duration_since(self.created_at()) > OLD;
        let at_once = Reading { moment: seen.moment + -self.settings.visibility_window, ..seen };
        is_old.then(|| Doubt { cause: Cause::Age, since: seen.wall, ends: vec![End::Own(at_once)] })
    }

    /// Whether this process made the claim, and knows what became of its request.
    fn is_own(&self, claim: &Claim) -> bool {
        self.attempt.is_some() && claim.holder == self.settings.holder
    }

    /// Whether the status records that AWS did not accept the claim's request.
    fn is_settled(&self, claim: &Claim) -> bool {
        let recorded = self.object.status.as_ref().and_then(|status| status.submission.as_ref());
        let is_told = |submission: &SubmissionStatus| {
            submission.outcome != SubmissionOutcome::NotFound && submission.is_about(claim.at, &claim.holder)
        };
        recorded.is_some_and(is_told)
    }

    /// How long ago the moment was.
    pub fn ago(&self, moment: Moment) -> SignedDuration {
        self.now.moment.since(moment)
    }
}

/// A claim that existed until `at`. The process that wrote it may have sent its request just before.
fn lost(at: Reading, life: SignedDuration) -> Doubt {
    Doubt { cause: Cause::LostClaim, since: at.wall, ends: vec![End::Own(at + life)] }
}
