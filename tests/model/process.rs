//! One operator process and its memory of the object. A model of `src/controller/memory.rs`.

use super::act::Step;
use super::jobs::{Found, Life, Seen};
use super::object::{Claim, Object, Status};
use super::time::{Reading, Tick};

/// A process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Process {
    /// How far its wall clock is ahead.
    pub ahead: Tick,
    /// Its memory of the object, once it has seen it.
    pub memory: Option<Memory>,
    /// The object as the watch showed it last, if the watch has fallen behind.
    pub cached: Option<Object>,
    /// For how many ticks the watch may stay behind.
    pub lag: u8,
    /// The object as its own latest write left it, if the watch does not show it yet.
    pub written: Option<Object>,
    /// The question by name.
    pub asked: Asked,
    /// The state of its pass.
    pub doing: Doing,
}

/// The memory of one object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Memory {
    /// When it was first seen, while this matters.
    pub first_seen: Option<Reading>,
    /// Whether it was old then.
    pub is_old: bool,
    /// The latest claim that was seen, once that claim is gone.
    pub claim: Option<Claim>,
    /// When the loss of the claim was first seen.
    pub claim_lost_at: Option<Reading>,
    /// Its job.
    pub accepted: Option<u8>,
    /// The latest attempt that brought no job.
    pub attempt: Option<Attempt>,
    /// The latest search for its jobs.
    pub lookup: Option<Lookup>,
    /// The latest request to end jobs.
    pub end_asked: Option<EndAsked>,
}

/// An attempt that brought no job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attempt {
    /// When the claim was made.
    pub claimed: Reading,
    /// The flag `again` of its claim.
    pub again: bool,
    /// The moment at which the outcome was known.
    pub ended: Tick,
    pub outcome: Outcome,
}

/// The outcome of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The claim may not have been written; nothing was sent.
    NotClaimed,
    /// AWS certainly has no job of it.
    NotAccepted,
    /// Unknown, and the request may still be on its way.
    Unclear,
    /// Unknown, but AWS itself has answered, so nothing is on its way.
    Answered,
}

/// The result of a search by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lookup {
    /// When the search began.
    pub asked: Reading,
    /// What it found.
    pub found: Seen,
}

/// A request to end jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EndAsked {
    /// The moment.
    pub at: Tick,
    /// The jobs, one bit each.
    pub ids: u8,
    /// Whether AWS refused.
    pub has_failed: bool,
}

/// A search by name. An object has at most one open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asked {
    /// None.
    No,
    /// The search has not begun.
    Open,
    /// The search has ended, and its answer is on its way.
    Read(Lookup),
}

/// The state of a pass. In each state the process may be stopped for any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doing {
    /// Between two passes.
    Nothing,
    /// A plan to carry out, for this version of the object.
    Planned {
        /// The status, first.
        status: Option<Status>,
        /// Then the step.
        step: Step,
        /// The version.
        version: u8,
    },
    /// Claimed, and the request is not sent yet.
    Claimed(Sending),
    /// The request was sent.
    Waiting(Sending, Answer),
}

/// A claim whose request is to be sent, or was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sending {
    /// The claim's time.
    pub at: Reading,
    /// The flag `again` of the claim.
    pub again: bool,
    /// Whether the claim is on the object.
    pub is_written: bool,
    /// Whether the request is a retry.
    pub is_retry: bool,
}

/// The state of a request that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// On its way.
    Underway,
    /// AWS accepted it with this job.
    Taken(u8),
    /// AWS refused it.
    Refused,
    /// AWS answered with a failure.
    Failed,
    /// No answer will come.
    Lost,
}

impl Process {
    /// A process without memory, whose wall clock is this far ahead.
    pub fn new(ahead: Tick) -> Self {
        let (memory, cached, written) = (None, None, None);
        Self { ahead, memory, cached, lag: 0, written, asked: Asked::No, doing: Doing::Nothing }
    }

    /// The memory, which begins now if there was none.
    pub fn memory(&mut self) -> &mut Memory {
        let now = Reading { wall: self.ahead, moment: 0 };
        self.memory.get_or_insert(Memory { first_seen: Some(now), ..Memory::default() })
    }

    /// The watch catches up, if it had fallen behind.
    pub fn catch_up(&mut self) -> Option<()> {
        self.cached.take()?;
        (self.written, self.lag) = (None, 0);
        Some(())
    }

    /// No answer will come to the request that it waits for.
    pub fn answer_is_lost(&mut self) {
        if let Doing::Waiting(_, answer) = &mut self.doing {
            *answer = Answer::Lost;
        }
    }

    /// Every time in its memory and state.
    pub fn each_time(&mut self, act: &mut dyn FnMut(&mut Tick)) {
        self.memory.iter_mut().for_each(|memory| memory.each_time(act));
        let seen = [&mut self.cached, &mut self.written];
        seen.into_iter().flatten().for_each(|object| object.each_time(act));
        if let Asked::Read(lookup) = &mut self.asked {
            lookup.asked.each_time(act);
        }
        match &mut self.doing {
            Doing::Nothing => {}
            Doing::Planned { status, step, .. } => {
                if let Some(status) = status {
                    status.each_time(act);
                }
                if let Step::Submit { at, .. } = step {
                    at.each_time(act);
                }
            }
            Doing::Claimed(sending) | Doing::Waiting(sending, _) => sending.at.each_time(act),
        }
    }
}

impl Memory {
    fn each_time(&mut self, act: &mut dyn FnMut(&mut Tick)) {
        self.first_seen.iter_mut().for_each(|first_seen| first_seen.each_time(act));
        self.claim.iter_mut().for_each(|claim| act(&mut claim.at));
        self.claim_lost_at.iter_mut().for_each(|lost_at| lost_at.each_time(act));
        if let Some(attempt) = &mut self.attempt {
            attempt.claimed.each_time(act);
            act(&mut attempt.ended);
        }
        self.lookup.iter_mut().for_each(|lookup| lookup.asked.each_time(act));
        self.end_asked.iter_mut().for_each(|asked| act(&mut asked.at));
    }

    /// The process sees this object. An existing claim is remembered only when it is removed, since the watch has shown
    /// it by then.
    pub fn sees_claim(&mut self, object: Object, now: Reading) {
        let is_lost =
            object.claim.is_none() && (self.claim.is_some() || object.has_finalizer || object.status.tells);
        self.claim_lost_at = is_lost.then(|| self.claim_lost_at.unwrap_or(now));
    }

    /// The tracker's view of the job. It is always up to date.
    pub fn sighting(&self, visible: Found) -> Option<(u8, Life)> {
        self.accepted.and_then(|id| Some((id, visible[usize::from(id)]?)))
    }
}
