//! Whether the object comes to its end when nothing goes wrong any more. From each state leads one way without faults:
//! whoever can do something does, in a fixed order, and then time passes. Where two processes undo each other's writes
//! for ever, time passes when they have come round.

/// No state.
pub const NOWHERE: u32 = u32::MAX;

/// The ways without faults.
#[derive(Debug, Default)]
pub struct Ways {
    states: Vec<Way>,
}

/// The way from one state.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// Where it leads when somebody does something.
    goes_on: u32,
    /// Where it leads when time passes.
    waits: u32,
    /// What is known of it.
    seen: Seen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// Nothing yet.
    No,
    /// It is on the walk of this number.
    On(u32),
    /// It leads to the end.
    Settles,
}

impl Ways {
    /// One more state.
    pub fn add(&mut self, has_settled: bool) {
        let seen = if has_settled { Seen::Settles } else { Seen::No };
        self.states.push(Way { goes_on: NOWHERE, waits: NOWHERE, seen });
    }

    /// Somebody can do something; the first to be told is the first to do it.
    pub fn goes_on(&mut self, from: u32, to: u32) {
        let way = &mut self.states[from as usize];
        way.goes_on = if way.goes_on == NOWHERE { to } else { way.goes_on };
    }

    /// Time can pass.
    pub fn waits(&mut self, from: u32, to: u32) {
        self.states[from as usize].waits = to;
    }

    /// A state from which the object never comes to its end.
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

    /// Time passes in one state of each round of writes that undo each other.
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

    /// Walks until a state that was seen before. Answers with the states on the way, and with where it ends.
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
