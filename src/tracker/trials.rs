//! Calls that failed: is AWS the reason, or one of the ids? A call that keeps failing while AWS answers others is
//! halved, down to the bad id. Pure.

use std::collections::VecDeque;

use super::call::Call;
use crate::job::{FaultKind, JobId};
use crate::key::Key;

/// After this many failures a call is suspected of a bad id.
const SUSPECT: u32 = 3;

/// What to do next about the failed calls.
#[derive(Debug)]
pub enum Next {
    /// Make this call again.
    Ask(Call),
    /// Check that AWS answers at all.
    Prove,
    /// The call has one id, which makes every call fail.
    Guilty(Call),
}

/// The failed calls, and how many calls were answered.
#[derive(Debug, Default)]
pub struct Trials {
    waiting: VecDeque<Call>,
    answers: u64,
}

impl Trials {
    /// How many calls were answered so far.
    pub fn answers(&self) -> u64 {
        self.answers
    }

    /// Whether no failed call waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// AWS has answered a call.
    pub fn answered(&mut self) {
        self.answers += 1;
    }

    /// A call has failed.
    pub fn failed(&mut self, mut call: Call, kind: FaultKind) {
        call.strikes += strikes(kind);
        if call.strikes < SUSPECT {
            self.waiting.push_back(call);
        } else {
            // Depth first, down to one id, so that good ids are found early.
            self.waiting.push_front(call);
        }
    }

    /// AWS does not answer at all, so the failures prove nothing. Returns the failed calls and forgets them.
    pub fn acquit(&mut self) -> VecDeque<Call> {
        std::mem::take(&mut self.waiting)
    }

    /// Drops jobs.
    pub fn retain(&mut self, mut is_kept: impl FnMut(&(Key, JobId)) -> bool) {
        self.waiting.iter_mut().for_each(|call| call.retain(&mut is_kept));
        self.waiting.retain(|call| !call.is_empty());
    }

    /// What to do next. A suspect call is halved only if AWS has answered another call since, so never in an outage.
    pub fn next(&mut self) -> Option<Next> {
        loop {
            let front = self.waiting.front()?;
            let is_suspect = front.strikes >= SUSPECT;
            if is_suspect && front.answers == self.answers {
                return Some(Next::Prove);
            }
            let call = self.waiting.pop_front()?;
            if !is_suspect {
                return Some(Next::Ask(call));
            }
            if call.ids().len() == 1 {
                return Some(Next::Guilty(call));
            }
            let [first, second] = call.halves(SUSPECT - 1, self.answers);
            self.waiting.push_front(second);
            self.waiting.push_front(first);
        }
    }
}

/// How strongly a failure points to the ids. A call that was not sent, or was throttled, says nothing about them.
fn strikes(kind: FaultKind) -> u32 {
    match kind {
        FaultKind::Refused => SUSPECT,
        _ => u32::from(kind.meaning().may_be_what_was_asked),
    }
}
