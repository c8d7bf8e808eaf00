//! Calls that failed: whether AWS is at fault, or one of their ids. A call that keeps failing while AWS answers others is
//! halved, down to the one id. Pure.

use std::collections::VecDeque;

use super::call::Call;
use crate::job::{FaultKind, JobId};
use crate::key::Key;

/// A call that has failed so often is suspected of an id that spoils it. Once or twice is bad luck.
const SUSPECT: u32 = 3;

/// What to do next about the calls that failed.
#[derive(Debug)]
pub enum Next {
    /// Make this call again.
    Ask(Call),
    /// See whether AWS answers at all.
    Prove,
    /// Nothing: this one id spoils every call that it is in.
    Guilty(Call),
}

/// The calls that failed, and how many calls were answered.
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

    /// AWS has answered a call, so it can.
    pub fn answered(&mut self) {
        self.answers += 1;
    }

    /// A call has failed.
    pub fn failed(&mut self, mut call: Call, kind: FaultKind) {
        call.strikes += strikes(kind);
        if call.strikes < SUSPECT {
            self.waiting.push_back(call);
        } else {
            // Down to the one id first, and not all calls level by level: so good ones are found early.
            self.waiting.push_front(call);
        }
    }

    /// AWS answers nobody: what failed proves nothing. Answers the calls, which are forgotten.
    pub fn acquit(&mut self) -> VecDeque<Call> {
        std::mem::take(&mut self.waiting)
    }

    /// Leaves jobs out.
    pub fn retain(&mut self, mut is_kept: impl FnMut(&(Key, JobId)) -> bool) {
        self.waiting.iter_mut().for_each(|call| call.retain(&mut is_kept));
        self.waiting.retain(|call| !call.is_empty());
    }

    /// What to do next. A suspect is halved only when AWS has answered another call since: in an outage nothing is.
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

/// What a failure says of the ids. A call that never went out, or that was one too many, failed whatever it asked for.
fn strikes(kind: FaultKind) -> u32 {
    match kind {
        FaultKind::Refused => SUSPECT,
        _ => u32::from(kind.meaning().may_be_what_was_asked),
    }
}
