//! Whether a job of an object may exist without our knowing it, and when it may have been sent.

use jiff::{SignedDuration, Timestamp};

use super::claim::{Claimed, bears_claim, claimed};
use super::situation::{Attempt, Outcome, Situation};

/// When a job of the object may have been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Not before.
    pub from: Timestamp,
    /// Not after.
    pub until: Timestamp,
}

/// A restore brings back objects that ran long ago. One that is older than this when first seen is looked up first.
const OLD: SignedDuration = SignedDuration::from_mins(5);

impl Situation<'_> {
    /// Whether a job may exist that the status does not know, and when it may have been sent.
    pub fn doubt(&self) -> Option<Doubt> {
        let Some(attempt) = &self.attempt else { return self.doubt_of_others() };
        let own = match attempt.outcome {
            Outcome::NotAccepted(_) => None,
            Outcome::Unclear(_) => Some(Doubt { from: attempt.claimed_at, until: attempt.ended_at }),
        };
        // Clocks disagree: whose claim it is tells its holder, never its time.
        let is_about_this_claim = matches!(claimed(self.object), Claimed::Yes(claim)
            if claim.holder == self.settings.identity
                && (self.settings.started_at..=attempt.claimed_at).contains(&claim.at));
        let others = if is_about_this_claim { None } else { self.doubt_of_others() };
        match (own, others) {
            (Some(a), Some(b)) => Some(Doubt { from: a.from.min(b.from), until: a.until.max(b.until) }),
            (own, others) => own.or(others),
        }
    }

    /// Whether a job of an earlier claim, not found, may exist all the same.
    pub fn may_be_second(&self) -> bool {
        self.attempt.as_ref().is_some_and(|attempt| attempt.again)
            || matches!(claimed(self.object), Claimed::Yes(claim) if claim.again)
            || (self.doubt().is_some() && self.shows_a_send())
    }

    /// Whether anything but its age speaks for a request that was sent.
    pub fn shows_a_send(&self) -> bool {
        let is_unclear = |attempt: &Attempt| matches!(attempt.outcome, Outcome::Unclear(_));
        let by_object = match claimed(self.object) {
            Claimed::No => self.lost_its_claim(),
            Claimed::Yes(_) | Claimed::Unreadable => true,
        };
        by_object || self.attempt.as_ref().is_some_and(is_unclear)
    }

    /// We add claim and finalizer in one write: someone took the claim away. A copy bears the claim of its original.
    fn lost_its_claim(&self) -> bool {
        self.holds_finalizer() && !bears_claim(self.object)
    }

    /// What the object itself says, where this process remembers nothing of it.
    fn doubt_of_others(&self) -> Option<Doubt> {
        let seen = Doubt { from: self.first_seen, until: self.first_seen + self.settings.signature_life };
        match claimed(self.object) {
            // No clock is so wrong: someone edited it.
            Claimed::Yes(claim) if claim.at > self.now + self.settings.signature_life => Some(seen),
            Claimed::Yes(claim)
                if claim.holder == self.settings.identity && claim.at < self.settings.started_at =>
            {
                Some(Doubt { from: claim.at, until: self.settings.started_at })
            }
            Claimed::Yes(claim) => {
                Some(Doubt { from: claim.at, until: claim.at + self.settings.signature_life })
            }
            Claimed::Unreadable => Some(seen),
            // It never submits, and bears the finalizer without a claim.
            Claimed::No if self.adopts().is_some() => None,
            Claimed::No if self.lost_its_claim() => Some(seen),
            Claimed::No if self.first_seen.duration_since(self.created_at()) > OLD => Some(Doubt {
                from: self.first_seen,
                until: self.first_seen - self.settings.visibility_window,
            }),
            Claimed::No => None,
        }
    }
}
