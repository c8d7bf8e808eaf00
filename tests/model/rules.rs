//! What kind of small world is searched: its numbers, and the mistake that is made in it.

use super::moves::Kind;
use super::mutation::Mutation;
use super::world::Tick;

/// The numbers of a world.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// The length of a tick. All numbers of the protocol are whole multiples.
    pub seconds: i16,
    /// How many faults may happen, in any order.
    pub faults: u8,
    /// Of which kinds.
    pub kinds: &'static [Kind],
    /// For how many ticks after its request has arrived a job may hide. The operator is told of one minute.
    pub hides: Tick,
    /// How far the clock of each process is ahead.
    pub ahead: [Tick; 2],
    /// The mistake that is made.
    pub mutation: Option<Mutation>,
}

impl Rules {
    /// So many minutes in ticks.
    pub fn minutes(&self, minutes: Tick) -> Tick {
        minutes * 60 / self.seconds
    }

    /// How long a job may hide, as the operator is told.
    pub fn window(&self) -> Tick {
        self.minutes(1)
    }

    /// Whether jobs hide longer than the operator is told.
    pub fn breaks_the_window(&self) -> bool {
        self.hides > self.window()
    }

    /// Whether AWS refuses the signature. One that is exactly five minutes old is taken: the harder case.
    pub fn has_expired(&self, signed_at: Tick) -> bool {
        signed_at.abs() > self.minutes(5)
    }

    /// Longer than any length of time that is compared with anything, but for the day after which a claim is too old: a
    /// claim is dead after seven minutes, a late look comes eleven minutes after one, and AWS refuses it for two minutes
    /// before nobody looks any more.
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
