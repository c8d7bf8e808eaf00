//! One operator process and what it remembers of the object. A model of `src/controller/memory.rs`, and of what
//! `observe.rs` puts in front of the planner.

use super::aws::{Found, Life, Seen};
use super::mind::Step;
use super::object::{Claim, Object, Status};
use super::rules::Rules;
use super::world::{Reading, Tick, World};

/// A process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Process {
    /// How far its wall clock is ahead.
    pub ahead: Tick,
    /// What it remembers of the object, once it has seen it.
    pub memory: Option<Memory>,
    /// The object as the watch showed it last, if the watch has fallen behind.
    pub cached: Option<Object>,
    /// For how long it may stay behind.
    pub lag: u8,
    /// The object as its own latest write left it, if the watch does not show it yet.
    pub written: Option<Object>,
    /// The question by name.
    pub asked: Asked,
    /// Where its pass is.
    pub doing: Doing,
}

/// What is remembered of the object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Memory {
    /// When it was seen first, as long as anybody asks.
    pub first_seen: Option<Reading>,
    /// Whether it was old by then.
    pub is_old: bool,
    /// The latest claim that was seen on it, once that claim is gone.
    pub claim: Option<Claim>,
    /// When it was seen first that the claim is gone.
    pub claim_lost_at: Option<Reading>,
    /// Its job.
    pub accepted: Option<u8>,
    /// The latest attempt that brought no job.
    pub attempt: Option<Attempt>,
    /// The latest look for its jobs.
    pub lookup: Option<Lookup>,
    /// The latest request to end jobs.
    pub end_asked: Option<EndAsked>,
}

/// An attempt that brought no job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attempt {
    /// When the claim was made.
    pub claimed: Reading,
    /// Whether its claim was one that may be the second.
    pub again: bool,
    /// The moment at which the outcome was known.
    pub ended: Tick,
    /// How it ended.
    pub outcome: Outcome,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The claim is not known to be written; nothing was sent.
    NotClaimed,
    /// AWS surely has no job of it.
    NotAccepted,
    /// Nobody knows, and the request may still be on its way.
    Unclear,
    /// Nobody knows, and AWS itself has answered: nothing is on its way.
    Answered,
}

/// The answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lookup {
    /// When the look began.
    pub asked: Reading,
    /// What it found.
    pub found: Seen,
}

/// A request to end jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EndAsked {
    /// The moment.
    pub at: Tick,
    /// Which: one bit each.
    pub ids: u8,
    /// Whether AWS said no.
    pub has_failed: bool,
}

/// A question by name. An object has at most one open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asked {
    /// None.
    No,
    /// The look has not begun.
    Open,
    /// AWS was asked; the answer is on its way.
    Read(Lookup),
}

/// Where a pass is. Between any two of these the process may stop for as long as it likes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doing {
    /// Between two passes.
    Nothing,
    /// There is something to write, for this version of the object.
    Planned {
        /// The status, first.
        status: Option<Status>,
        /// Then the step.
        step: Step,
        /// The version.
        version: u8,
    },
    /// Claimed, and the request has not left.
    Claimed(Sending),
    /// The request has left.
    Waiting(Sending, Answer),
}

/// A claim that is being sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sending {
    /// The claim's time.
    pub at: Reading,
    /// Whether it may be the second.
    pub again: bool,
    /// Whether it is on the object.
    pub is_written: bool,
    /// Whether the request is one that is sent once more.
    pub is_retry: bool,
}

/// What has become of a request that has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// On its way.
    Underway,
    /// AWS took it: this is the job.
    Taken(u8),
    /// AWS said no.
    Refused,
    /// AWS failed, and said so itself.
    Failed,
    /// No answer will come.
    Lost,
}

/// All that a plan depends on: what `observe.rs` makes a situation of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct View {
    /// Which process.
    pub who: usize,
    /// What its wall clock shows.
    pub wall: Tick,
    /// The object.
    pub object: Object,
    /// What is remembered of it.
    pub memory: Memory,
    /// What the tracker sees of the job that it follows.
    pub sighting: Option<(u8, Life)>,
}

impl Process {
    /// A process that knows nothing, and how far its wall clock is ahead.
    pub fn new(ahead: Tick) -> Self {
        let (memory, cached, written) = (None, None, None);
        Self { ahead, memory, cached, lag: 0, written, asked: Asked::No, doing: Doing::Nothing }
    }

    /// What is remembered; from now on, if nothing was.
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

    /// Nobody will answer the request that it waits for.
    pub fn answer_is_lost(&mut self) {
        if let Doing::Waiting(_, answer) = &mut self.doing {
            *answer = Answer::Lost;
        }
    }

    /// Every time that it keeps.
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

    /// The object is seen as it is now. A claim that is there is kept only when it goes: the watch has shown it by then.
    pub fn sees_claim(&mut self, object: Object, now: Reading) {
        let is_lost =
            object.claim.is_none() && (self.claim.is_some() || object.has_finalizer || object.status.tells);
        self.claim_lost_at = is_lost.then(|| self.claim_lost_at.unwrap_or(now));
    }

    /// What the tracker sees of the job. It has looked since the job is known, and it is never behind.
    pub fn sighting(&self, visible: Found) -> Option<(u8, Life)> {
        self.accepted.and_then(|id| Some((id, visible[usize::from(id)]?)))
    }
}

impl World {
    /// What process `who` knows now: the newer of what the watch showed and of what it wrote itself, and its memory. An
    /// id in the status is remembered, and how the job was found is of no more use.
    pub fn observe(&mut self, who: usize, rules: &Rules) -> Option<View> {
        let (now, visible) = (self.clock(who), self.visible());
        let current = self.object?;
        let process = &mut self.processes[who];
        let cached = process.cached.unwrap_or(current);
        process.written = process.written.filter(|written| written.version > cached.version);
        let object = process.written.unwrap_or(cached);
        let is_new = process.memory.is_none();
        let memory = process.memory();
        if is_new {
            memory.is_old = object.is_old(now.wall, rules);
        }
        memory.sees_claim(object, now);
        if memory.accepted.is_none() && object.status.job.is_some() {
            memory.accepted = object.status.job;
            (memory.attempt, memory.lookup, memory.claim) = (None, None, None);
        }
        let memory = *memory;
        Some(View { who, wall: now.wall, object, memory, sighting: memory.sighting(visible) })
    }
}
