//! What a process may forget in the normal form of a state. Each rule says why nothing is lost.

use super::jobs::{JOBS, Life};
use super::object::{Claim, Object, Record};
use super::process::{Answer, Asked, Attempt, Doing, EndAsked, Memory, Outcome};
use super::rules::Rules;
use super::time::Reading;
use super::world::World;

/// Longer ago than any time that matters. All such times are cut to one length in the end.
const OLD: Reading = Reading { wall: -1_000, moment: -1_000 };

impl World {
    /// The claim of a call that brought a job is not used any more.
    pub fn cut_call(&mut self, who: usize) {
        if let Doing::Waiting(sending, Answer::Taken(_)) = &mut self.processes[who].doing {
            (sending.at, sending.again) = (OLD, false);
        }
    }

    /// Only one time of an attempt is used. The pause after a refusal is shorter than a tick.
    pub fn cut_attempt(&mut self, who: usize) {
        let has_own_claim = self.claims_seen_by(who).any(|claim| claim.holder == Some(who));
        let Some(memory) = &mut self.processes[who].memory else { return };
        let Some(attempt) = &mut memory.attempt else { return };
        match attempt.outcome {
            Outcome::Unclear => attempt.ended = OLD.moment,
            Outcome::Answered => {}
            Outcome::NotClaimed | Outcome::NotAccepted if attempt.ended == 0 => {}
            Outcome::NotClaimed | Outcome::NotAccepted => {
                let outcome = Outcome::NotAccepted;
                *attempt = Attempt { claimed: OLD, ended: OLD.moment, outcome, ..*attempt };
                if !attempt.again && !has_own_claim {
                    // The attempt only says that AWS has no job of a claim that is gone.
                    memory.attempt = None;
                }
            }
        }
    }

    fn claims_seen_by(&self, who: usize) -> impl Iterator<Item = Claim> + use<> {
        self.seen_by(who).filter_map(|object| object.claim)
    }

    pub fn cut_memory(&mut self, who: usize, rules: &Rules) {
        let (mut seen, visible) = (self.seen_by(who), self.visible());
        let keeps_first_seen = self.asks_for_first_seen(who);
        let process = &mut self.processes[who];
        let no_look_is_to_come =
            |object: Object| object.status.job.is_some() && object.status.since.is_none();
        if seen.clone().all(no_look_is_to_come) {
            process.asked = Asked::No;
        }
        let Some(memory) = &mut process.memory else { return };
        if seen.clone().all(|object| object.status.has_ended && object.status.since.is_none()) {
            // The object is released, whatever is remembered.
            *memory = Memory::default();
            return;
        }
        let over = -rules.minutes(1);
        memory.end_asked = memory.end_asked.map(|asked| {
            // A request that already shows in the state of the job is not made again.
            let was_taken = !asked.has_failed
                && memory
                    .sighting(visible)
                    .is_some_and(|(id, life)| asked.ids == 1 << id && life == Life::Terminated);
            EndAsked { at: if was_taken { over } else { asked.at.max(over) }, ..asked }
        });
        let has_ended = |id: usize| visible[id].is_some_and(Life::has_ended);
        let have_ended = |asked: EndAsked| (0..JOBS).all(|id| asked.ids & (1 << id) == 0 || has_ended(id));
        if memory.lookup.is_none() && !matches!(process.asked, Asked::Read(_)) {
            // No request is made to end an ended job.
            memory.end_asked = memory.end_asked.filter(|asked| !have_ended(*asked));
        }
        if keeps_first_seen {
            return;
        }
        if !memory.is_old || seen.all(|object| object.claim.is_some()) {
            (memory.first_seen, memory.is_old) = (None, false);
        } else {
            // Every search is younger.
            let over = Reading { wall: process.ahead, moment: 0 }.before(rules.minutes(1));
            memory.first_seen = memory.first_seen.map(|first_seen| first_seen.max(over));
        }
    }

    /// Whether it matters when the object was first seen: the pause after a refusal in the status counts from that
    /// time.
    fn asks_for_first_seen(&self, who: usize) -> bool {
        let Some(memory) = self.processes[who].memory else { return false };
        let is_new = memory.first_seen.is_some_and(|first_seen| first_seen.moment == 0);
        self.seen_by(who).any(|object| is_new && object.status.record != Record::Never)
    }

    /// Of a removed claim, only its existence is remembered.
    pub fn cut_claim(&mut self, who: usize) {
        let asks = self.seen_by(who).any(|object| object.claim.is_none() && object.status.job.is_none());
        let Some(memory) = &mut self.processes[who].memory else { return };
        let gone = memory.claim.map(|claim| Claim { holder: None, at: OLD.wall, ..claim });
        memory.claim = gone.filter(|_| asks);
        memory.claim_lost_at = memory.claim_lost_at.filter(|_| asks);
    }

    /// A record is about one claim. Other records are forgotten.
    pub fn forget_old_records(&mut self, rules: &Rules) {
        let claims = [0, 1].into_iter().flat_map(|who| self.claims_seen_by(who));
        let attempts = self.processes.iter().enumerate().filter_map(|(who, process)| {
            let attempt = process.memory?.attempt.filter(|attempt| attempt.ended == 0)?;
            Some(Record::Of(Some(who), attempt.claimed.wall))
        });
        let known: Vec<Record> = claims.map(Claim::record).chain(attempts).collect();
        // Old times are cut to one time. The record must not then match another claim than before.
        let current = self.object.and_then(|object| object.claim).map(Claim::record);
        let longest = rules.longest(false);
        let forget = |record: &mut Record| {
            let is_old = matches!(record, Record::Of(_, at) if *at <= -longest) && current != Some(*record);
            if *record != Record::Never && (is_old || !known.contains(record)) {
                *record = Record::Before;
            }
        };
        for process in &mut self.processes {
            let seen = [&mut process.cached, &mut process.written].into_iter().flatten();
            seen.for_each(|object| forget(&mut object.status.record));
            if let Doing::Planned { status: Some(status), .. } = &mut process.doing {
                forget(&mut status.record);
            }
        }
        self.object.iter_mut().for_each(|object| forget(&mut object.status.record));
    }
}
