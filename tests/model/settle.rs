//! Whether the object ends once no more faults happen. From each state there is one path without faults. Whatever can
//! act does so, in a fixed order, and then time passes. If two processes undo each other's writes for ever, time passes
//! after one round.

/// No state.
pub const NOWHERE: u32 = u32::MAX;

/// The paths without faults.
#[derive(Debug, Default)]
pub struct Ways {
    states: Vec<Way>,
}

/// The next step from one state.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// The next state by an action.
    goes_on: u32,
    /// The next state when time passes.
    waits: u32,
    /// What is known of the state.
    seen: Seen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// Nothing yet.
    No,
    /// It is on the walk with this number.
    On(u32),
    /// It leads to the end.
    Settles,
}

impl Ways {
    /// Adds a state.
    pub fn add(&mut self, has_settled: bool) {
        let seen = if has_settled { Seen::Settles } else { Seen::No };
        self.states.push(Way { goes_on: NOWHERE, waits: NOWHERE, seen });
    }

    /// Adds an action. The first action that is added for a state is the one that happens.
    pub fn goes_on(&mut self, from: u32, to: u32) {
        let way = &mut self.states[from as usize];
        way.goes_on = if way.goes_on == NOWHERE { to } else { way.goes_on };
    }

    /// Adds the step of time.
    pub fn waits(&mut self, from: u32, to: u32) {
        self.states[from as usize].waits = to;
    }

    /// A state from which the object never ends.
    pub fn stuck(mut self) -> Option<u32> {
        self.break_quarrels();
        for start in 0..u32::try_from(self.states.len()).unwrap() {
            let (way, end) =
                self.walk(start, |way| if way.goes_on == NOWHERE { way.waits } else { way.goes_on });
            if end == NOWHERE || self.states[end as usize].seen != Seen::Settles {
                return Some(start);
            }
            for state in way {
                self.states[state as usize].seen = Seen::Settles;
            }
        }
        None
    }

    /// Lets time pass in one state of each round of writes that undo each other.
    fn break_quarrels(&mut self) {
        for start in 0..u32::try_from(self.states.len()).unwrap() {
            let (way, end) = self.walk(start, |way| way.goes_on);
            if end != NOWHERE && self.states[end as usize].seen == Seen::On(start) && way.contains(&end) {
                let round = way.iter().skip_while(|state| **state != end);
                let first = round.min().copied().unwrap_or(end);
                self.states[first as usize].goes_on = NOWHERE;
            }
        }
        for way in self.states.iter_mut().filter(|way| way.seen != Seen::Settles) {
            way.seen = Seen::No;
        }
    }

    /// Walks to the first state that was seen before. Returns the states on the way, and that state.
    fn walk(&mut self, start: u32, next: impl Fn(&Way) -> u32) -> (Vec<u32>, u32) {
        let (mut way, mut at) = (Vec::new(), start);
        while at != NOWHERE && self.states[at as usize].seen == Seen::No {
            self.states[at as usize].seen = Seen::On(start);
            way.push(at);
            at = next(&self.states[at as usize]);
        }
        (way, at)
    }
}
