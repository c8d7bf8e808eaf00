//! What kind of small world is searched: its numbers, and the mistake that is made in it.

use super::mutation::Mutation;
use super::world::Tick;

/// The numbers of a world.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// The length of a tick. All numbers of the protocol are whole multiples.
    pub seconds: i16,
    /// How many faults may happen, of any kinds and in any order.
    pub faults: u8,
    /// For how many ticks after its request has left a job may hide. The operator is told of one minute.
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
    /// claim is dead after seven minutes, and a late look comes eleven minutes after one.
    pub fn longest(&self, is_late_look_pending: bool) -> Tick {
        let differ = (self.ahead[0] - self.ahead[1]).abs() + 1 + self.minutes(1);
        self.minutes(if is_late_look_pending { 11 } else { 7 }) + differ
    }

    /// The clock of a process.
    pub fn clock(&self, who: usize) -> Tick {
        self.ahead[who]
    }

    /// Whether this mistake is made.
    pub fn errs(&self, mutation: Mutation) -> bool {
        self.mutation == Some(mutation)
    }
}
