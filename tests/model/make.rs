//! What each move does.

use super::aws::{Life, Request};
use super::execute::Fate;
use super::mind::Mind;
use super::moves::{Look, Move, Way};
use super::mutation::Mutation;
use super::object::write;
use super::process::{Answer, Asked, Doing, Lookup, Process};
use super::promises::Promise;
use super::rules::Rules;
use super::world::World;

impl World {
    /// Makes a move. `None`: it cannot be made.
    pub fn make(&mut self, what: Move, rules: &Rules, mind: &mut Mind) -> Option<()> {
        match what {
            Move::Answered(who) => self.answered(who, rules),
            Move::Arrives(hides) => self.arrives(hides, rules),
            Move::TooLate(who) => self.too_late(who, rules),
            Move::Leaves(who, way) => self.leaves(who, way, rules),
            Move::GoesOn(who, fate) => self.carry_on(who, fate, rules),
            Move::Hears(who) => self.hears(who, rules),
            Move::Looks(who, look) => self.looks(who, look, rules),
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
            Move::Deletes => {
                self.object.filter(|object| !object.is_deleting)?;
                write(&mut self.object, None, |object| object.is_deleting = true).ok().map(|_| ())
            }
            Move::Restarts(who) => {
                self.requests
                    .iter_mut()
                    .filter(|request| request.from == Some(who))
                    .for_each(Request::unheard);
                self.processes[who] = Process::new(Some(rules.clock(who)));
                Some(())
            }
        }
    }

    /// One pass of a process; without a fate, it stops before its first write.
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

    /// The request leaves. The last check before the wire was passed at the claim's time; since then the process may have
    /// been stopped.
    fn leaves(&mut self, who: usize, way: Way, rules: &Rules) -> Option<()> {
        let Doing::Claimed(sending) = self.processes[who].doing else { return None };
        if !sending.is_written {
            self.broken = Some(Promise::ClaimedFirst);
        }
        let signed_at = if rules.errs(Mutation::SignedWhenSent) { 0 } else { sending.at };
        // How long its job would hide makes no difference to a request that is refused.
        let taken = |world: &mut Self, hides: u8| match world.take(signed_at, hides, rules) {
            None if hides > 0 => None,
            taken => Some(taken),
        };
        let answer = match way {
            Way::Straight(hides) => taken(self, hides)?.map_or(Answer::Refused, Answer::Taken),
            Way::Unanswered(hides) => taken(self, hides)?.map(|_| Answer::Lost)?,
            Way::Lost => Answer::Lost,
            Way::Late => {
                self.requests.push(Request { signed_at, left_at: 0, from: Some(who) });
                Answer::Underway
            }
            Way::Refused => Answer::Refused,
        };
        self.processes[who].doing = Doing::Waiting(sending, answer);
        Some(())
    }

    /// The oldest request that is on its way arrives. All of a job's hiding, its way included, is within the window.
    fn arrives(&mut self, hides: u8, rules: &Rules) -> Option<()> {
        (!self.requests.is_empty()).then_some(())?;
        let request = self.requests.remove(0);
        (i16::from(hides) <= rules.hides + request.left_at).then_some(())?;
        let taken = self.take(request.signed_at, hides, rules);
        if let Some(sender) = request.from
            && let Doing::Waiting(_, answer) = &mut self.processes[sender].doing
        {
            *answer = taken.map_or(Answer::Refused, Answer::Taken);
        }
        Some(())
    }

    fn looks(&mut self, who: usize, look: Look, rules: &Rules) -> Option<()> {
        (self.processes[who].asked == Asked::Open).then_some(())?;
        let found = (look != Look::Failed).then(|| self.visible());
        self.processes[who].asked = Asked::Read(Lookup { asked_at: rules.clock(who), found });
        if look == Look::Late { Some(()) } else { self.hears(who, rules) }
    }

    pub fn hears(&mut self, who: usize, rules: &Rules) -> Option<()> {
        let Asked::Read(lookup) = self.processes[who].asked else { return None };
        self.processes[who].asked = Asked::No;
        self.processes[who].memory(rules.clock(who)).lookup = Some(lookup);
        Some(())
    }
}

impl Request {
    /// Nobody waits for its answer any more.
    pub fn unheard(&mut self) {
        self.from = None;
    }
}
