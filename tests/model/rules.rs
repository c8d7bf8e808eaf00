//! The rules of a small world: its numbers, the kinds of its faults, and its mistake.

use super::mutation::Mutation;
use super::time::Tick;

/// The kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A SubmitJob that is lost, late, or not answered.
    Wire,
    /// A SubmitJob that AWS refuses, or at which AWS fails.
    Answer,
    /// A write or a call that is refused, or whose answer is lost.
    Write,
    /// A search that fails or is late.
    Look,
    /// A stop between plan and write.
    Stop,
    /// A watch that falls behind.
    Lag,
    /// A process that is killed.
    Crash,
    /// A replace by manifest, which removes claim and finalizer.
    Put,
    /// A wall clock that steps.
    Step,
    /// A queue that is deleted.
    Queue,
}

/// The numbers of a world.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// The length of a tick, in seconds. All times of the protocol are multiples of it.
    pub seconds: i16,
    /// How many faults may happen, in any order.
    pub faults: u8,
    /// The kinds of these faults.
    pub kinds: &'static [Kind],
    /// For how many ticks after the arrival of its request a job may be hidden. The operator's window is one minute.
    pub hides: Tick,
    /// How far the wall clock of each process is ahead.
    pub ahead: [Tick; 2],
    /// The mistake that the operator makes.
    pub mutation: Option<Mutation>,
}

impl Rules {
    /// Minutes in ticks.
    pub fn minutes(&self, minutes: Tick) -> Tick {
        minutes * 60 / self.seconds
    }

    /// The visibility window that the operator is given.
    pub fn window(&self) -> Tick {
        self.minutes(1)
    }

    /// Whether jobs are hidden longer than the window.
    pub fn breaks_the_window(&self) -> bool {
        self.hides > self.window()
    }

    /// Whether AWS refuses the signature. A signature of exactly five minutes is accepted, which is the harder case.
    pub fn has_expired(&self, signed_at: Tick) -> bool {
        signed_at.abs() > self.minutes(5)
    }

    /// Longer than any compared length, except the day after which a claim is too old. A claim is dead after seven
    /// minutes. A second search comes eleven minutes after a claim, and is given up after two minutes of refusals.
    pub fn longest(&self, is_late_look_pending: bool) -> Tick {
        let steps = self.allows(Kind::Step);
        let differ = if steps { self.minutes(2) } else { (self.ahead[0] - self.ahead[1]).abs() };
        let refused = if self.allows(Kind::Queue) { 3 } else { 0 };
        self.minutes(if is_late_look_pending { 11 + refused } else { 7 }) + differ + 1 + self.minutes(1)
    }

    /// Whether faults of this kind happen.
    pub fn allows(&self, kind: Kind) -> bool {
        self.faults > 0 && self.kinds.contains(&kind)
    }

    /// Whether this mistake is made.
    pub fn errs(&self, mutation: Mutation) -> bool {
        self.mutation == Some(mutation)
    }
}
