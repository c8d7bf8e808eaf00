//! What a look by name is still good for. The planner itself is asked.

use super::aws::{JOBS, Seen};
use super::mind::{Act, Mind, Step};
use super::object::{Claim, Object};
use super::process::{Asked, Attempt, Doing, Lookup, Memory, Outcome, View};
use super::rules::Rules;
use super::world::World;

impl World {
    /// A look after which the planner asks anew, or after which it does what it does without one even if the look began
    /// now, is as good as none: what it would have to prove only gets later. Of any other, nobody asks how old it is
    /// beyond a minute, the longest pause between two looks.
    pub fn drop_useless_look(&mut self, who: usize, rules: &Rules, mind: &mut Mind) {
        let asked = self.processes[who].asked;
        let Some(memory) = self.processes[who].memory else { return };
        if memory.lookup.is_none() && asked != Asked::Open {
            return;
        }
        let now = self.clock(who);
        let none = self.plans(who, None, mind);
        let found = memory.lookup.map_or(Seen::Jobs([None; JOBS]), |lookup| lookup.found);
        let helps = self.plans(who, Some(Lookup { asked: now, found }), mind) != none;
        let mut kept = memory.lookup.filter(|_| helps);
        if let Some(lookup) = kept {
            let plans = self.plans(who, Some(lookup), mind);
            let later = Lookup { asked: lookup.asked.max(now.before(rules.minutes(1))), ..lookup };
            if plans.iter().all(|act| act.step == Step::SearchByName) {
                kept = None;
            } else if later == lookup || self.plans(who, Some(later), mind) == plans {
                kept = Some(later);
            }
        }
        let process = &mut self.processes[who];
        process.memory = Some(Memory { lookup: kept, ..memory });
        if !helps && asked == Asked::Open {
            process.asked = Asked::No;
        }
    }

    /// What a process does after this look, for each version of the object that it may see, and for all that it may know by
    /// then of its own call.
    fn plans(&self, who: usize, lookup: Option<Lookup>, mind: &mut Mind) -> Vec<Act> {
        let Some(memory) = self.processes[who].memory else { return Vec::new() };
        let wall = self.clock(who).wall;
        let sighting = memory.sighting(self.visible());
        let memories = self.about_to_know(who, Memory { lookup, ..memory });
        let seen = self.seen_by(who).chain(self.about_to_be());
        let seen = seen.flat_map(|object| memories.iter().map(move |memory| (object, *memory)));
        seen.map(|(object, memory)| mind.act(&View { who, wall, object, memory, sighting })).collect()
    }

    /// What is remembered now, and once a call that is under way has brought no job. A look of before the call must not look
    /// younger by then.
    fn about_to_know(&self, who: usize, memory: Memory) -> Vec<Memory> {
        let (claimed, again) = match self.processes[who].doing {
            Doing::Planned { step: Step::Submit { at, again }, .. } => (at, again),
            Doing::Claimed(sending) | Doing::Waiting(sending, _) => (sending.at, sending.again),
            Doing::Nothing | Doing::Planned { .. } => return vec![memory],
        };
        let outcomes = [Outcome::NotAccepted, Outcome::Unclear, Outcome::Answered];
        let attempts = outcomes.map(|outcome| Some(Attempt { claimed, again, ended: 0, outcome }));
        let known = attempts.into_iter().chain([memory.attempt]);
        known.map(|attempt| Memory { attempt, ..memory }).collect()
    }

    /// The object as it will be when a process that was stopped before its claim writes it: with a claim of the past.
    fn about_to_be(&self) -> impl Iterator<Item = Object> {
        let claims = self.processes.iter().enumerate().filter_map(|(holder, process)| match process.doing {
            Doing::Planned { step: Step::Submit { at, again }, .. } => {
                Some(Claim { holder: Some(holder), at: at.wall, again })
            }
            _ => None,
        });
        claims.filter_map(|claim| Some(Object { claim: Some(claim), has_finalizer: true, ..self.object? }))
    }
}
