//! Which results of a search by name still matter. The planner itself decides.

use super::act::{Act, Step};
use super::jobs::{JOBS, Seen};
use super::mind::Mind;
use super::object::{Claim, Object};
use super::observe::View;
use super::process::{Asked, Attempt, Doing, Lookup, Memory, Outcome};
use super::rules::Rules;
use super::world::World;

impl World {
    /// Drops a result that changes nothing. Either the planner searches again after it, or it plans as without a
    /// result, even for a search that began now. Later the result would have to prove even more. Of other results the
    /// age matters only up to a minute, the longest pause between two searches.
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

    /// The plans of a process with this result: for each version of the object that it may see, and for each outcome of
    /// its own call.
    fn plans(&self, who: usize, lookup: Option<Lookup>, mind: &mut Mind) -> Vec<Act> {
        let Some(memory) = self.processes[who].memory else { return Vec::new() };
        let wall = self.clock(who).wall;
        let sighting = memory.sighting(self.visible());
        let memories = self.about_to_know(who, Memory { lookup, ..memory });
        let seen = self.seen_by(who).chain(self.about_to_be());
        let seen = seen.flat_map(|object| memories.iter().map(move |memory| (object, *memory)));
        seen.map(|(object, memory)| mind.act(&View { who, wall, object, memory, sighting })).collect()
    }

    /// The memory now, and after each outcome without a job of a call under way. A search from before the call must
    /// then not look younger.
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

    /// The object after a process that was stopped before its claim writes that claim, with a time in the past.
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
