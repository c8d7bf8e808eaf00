//! The effect of each move.

use super::execute::Fate;
use super::jobs::{Life, Request, Seen};
use super::mind::Mind;
use super::moves::{Look, Move, Taken, Way};
use super::mutation::Mutation;
use super::object::{Object, write};
use super::process::{Answer, Asked, Doing, Lookup, Process, Sending};
use super::promises::Promise;
use super::rules::Rules;
use super::time::Tick;
use super::world::World;

impl World {
    /// Makes a move. `None`: it is not possible.
    pub fn make(&mut self, what: Move, rules: &Rules, mind: &mut Mind) -> Option<()> {
        match what {
            Move::Answered(who) => self.answered(who, rules),
            Move::Arrives(nth, hides) => self.arrives(nth, hides, rules),
            Move::TooLate(who) => self.too_late(who, rules),
            Move::Leaves(who, way) => self.leaves(who, way, rules),
            Move::GoesOn(who, fate) => self.carry_on(who, fate, rules),
            Move::Hears(who) => self.hears(who),
            Move::Looks(who, look) => self.looks(who, look),
            Move::Passes(who, fate) => self.passes(who, Some(fate), rules, mind),
            Move::PlansAndStops(who) => self.passes(who, None, rules, mind),
            Move::Lags(who) => {
                let process = &mut self.processes[who];
                process.cached = Some(self.object.filter(|_| process.cached.is_none())?);
                process.lag = u8::try_from(rules.minutes(1)).unwrap();
                Some(())
            }
            Move::CatchesUp(who) => self.processes[who].catch_up(),
            Move::Obeys(id) => self.ends(id, Life::Terminated),
            Move::Ends(id) => self.ends(id, Life::Running),
            Move::Tick => {
                self.tick();
                Some(())
            }
            Move::Deletes => self.deletes(),
            Move::Restarts(who) => {
                self.restarts(who, rules);
                Some(())
            }
            Move::Puts(taken) => self.puts(taken),
            Move::Steps(who, ahead) => {
                let before = std::mem::replace(&mut self.processes[who].ahead, ahead);
                (before != ahead).then_some(())
            }
            Move::QueueGoes => self.queue_goes(),
        }
    }

    /// The user deletes the object. A deletion just after a removal of our finalizer would let the job run on:
    /// docs/guarantees.md.
    fn deletes(&mut self) -> Option<()> {
        self.object.filter(|object| !object.is_deleting && !self.is_bare)?;
        write(&mut self.object, None, |object| object.is_deleting = true).ok().map(|_| ())
    }

    /// A process is killed. Its requests may still arrive, and no later process has its name.
    fn restarts(&mut self, who: usize, rules: &Rules) {
        self.requests.iter_mut().filter(|request| request.from == Some(who)).for_each(Request::unheard);
        self.processes[who] = Process::new(self.processes[who].ahead);
        self.forget_old_records(rules);
        self.each_holder(&mut |holder| *holder = holder.filter(|holder| *holder != who));
    }

    /// A person replaces the object by its manifest.
    fn puts(&mut self, taken: Taken) -> Option<()> {
        let object = self.object.filter(|object| !object.is_deleting && !object.status.has_ended)?;
        let (claim, finalizer) = (taken != Taken::Finalizer, taken != Taken::Claim);
        if claim && object.claim.is_none() || finalizer && !object.has_finalizer {
            return None;
        }
        self.is_bare |= finalizer;
        let change = |object: &mut Object| {
            object.claim = object.claim.filter(|_| !claim);
            object.has_finalizer &= !finalizer;
        };
        let left = write(&mut self.object, None, change).ok()?;
        // The watch has shown the claim to every process, and now shows the object without it.
        for who in [0, 1] {
            let known = object.claim.filter(|_| claim && left.status.job.is_none());
            let (now, memory) = (self.clock(who), self.processes[who].memory());
            memory.claim = known.or(memory.claim);
            memory.sees_claim(left, now);
        }
        Some(())
    }

    /// One pass of a process. Without a fate, the process stops before its first write.
    fn passes(&mut self, who: usize, fate: Option<Fate>, rules: &Rules, mind: &mut Mind) -> Option<()> {
        (self.processes[who].doing == Doing::Nothing).then_some(())?;
        let view = self.observe(who, rules)?;
        let has_more = self.begin(who, mind.act(&view), view.object.version);
        match fate {
            Some(fate) if has_more => self.carry_on(who, fate, rules),
            Some(fate) => (fate == Fate::Done).then_some(()),
            None => has_more.then_some(()),
        }
    }

    /// The request is sent. The last check passed at the claim's time, and the process may have been stopped since.
    fn leaves(&mut self, who: usize, way: Way, rules: &Rules) -> Option<()> {
        let Doing::Claimed(sending) = self.processes[who].doing else { return None };
        if !sending.is_written {
            self.broken = Some(Promise::ClaimedFirst);
        }
        let signed_at = self.signed_at(who, sending, rules);
        // The lag of its job makes no difference to a request that is refused.
        let taken = |world: &mut Self, hides: u8| match world.take(signed_at, hides, rules) {
            None if hides > 0 => None,
            taken => Some(taken),
        };
        let answer = match way {
            Way::Straight(hides) => taken(self, hides)?.map_or(Answer::Refused, Answer::Taken),
            Way::Unanswered(hides) => taken(self, hides)?.map(|_| Answer::Lost)?,
            Way::Lost => Answer::Lost,
            Way::Late => {
                self.requests.push(Request { signed_at, from: Some(who) });
                Answer::Underway
            }
            Way::Refused => Answer::Refused,
            Way::Failed => Answer::Failed,
            Way::DoneAndFailed(hides) => taken(self, hides)?.map(|_| Answer::Failed)?,
        };
        self.processes[who].doing = Doing::Waiting(sending, answer);
        Some(())
    }

    /// The time of the signature: the time of the claim.
    pub fn signed_at(&self, who: usize, sending: Sending, rules: &Rules) -> Tick {
        match rules.mutation {
            Some(Mutation::SignedWhenSent) => 0,
            // The difference that the SDK measures between AWS's clock and its own.
            Some(Mutation::SkewedSignature) => sending.at.wall - self.clock(who).wall,
            _ => sending.at.wall,
        }
    }

    /// A request that was on its way arrives.
    fn arrives(&mut self, nth: usize, hides: u8, rules: &Rules) -> Option<()> {
        let request = self.requests.remove(nth);
        let taken = self.take(request.signed_at, hides, rules);
        if taken.is_none() && hides > 0 {
            return None;
        }
        if let Some(sender) = request.from
            && let Doing::Waiting(_, answer) = &mut self.processes[sender].doing
        {
            *answer = taken.map_or(Answer::Refused, Answer::Taken);
        }
        Some(())
    }

    fn looks(&mut self, who: usize, look: Look) -> Option<()> {
        (self.processes[who].asked == Asked::Open).then_some(())?;
        let found = if look == Look::Failed { Seen::Failed } else { self.look() };
        self.processes[who].asked = Asked::Read(Lookup { asked: self.clock(who), found });
        if look == Look::Late { Some(()) } else { self.hears(who) }
    }

    pub fn hears(&mut self, who: usize) -> Option<()> {
        let Asked::Read(lookup) = self.processes[who].asked else { return None };
        self.processes[who].asked = Asked::No;
        self.processes[who].memory().lookup = Some(lookup);
        Some(())
    }
}
