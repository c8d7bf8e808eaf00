//! A breadth-first search of all reachable states, and from each state the path without further faults.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hasher};

use super::bytes;
use super::judge::broken;
use super::mind::Mind;
use super::moves::Move;
use super::promises::Promise;
use super::rules::Rules;
use super::settle::{NOWHERE, Ways};
use super::world::World;

/// The result of a search.
#[derive(Debug)]
pub struct Outcome {
    /// The number of different states.
    pub states: usize,
    /// The number of moves between states.
    pub moves: usize,
    /// The number of moves to the farthest state.
    pub depth: usize,
    /// The number of different situations that were planned.
    pub situations: usize,
    /// All reasons in conditions of planned statuses.
    pub reasons: BTreeSet<String>,
    /// The first broken promise, with a shortest path to it.
    pub broken: Option<(Promise, Vec<String>)>,
}

/// Searches the whole world.
pub fn search(rules: &Rules) -> Outcome {
    Search::new(rules).run()
}

struct Search {
    rules: Rules,
    mind: Mind,
    moves: Vec<Move>,
    numbers: HashMap<u128, u32>,
    /// The state and the move from which each state was first reached.
    reached: Vec<(u32, u8)>,
    ways: Ways,
    made: usize,
}

impl Search {
    fn new(rules: &Rules) -> Self {
        Self {
            rules: *rules,
            mind: Mind::new(rules),
            moves: Move::all(rules),
            numbers: HashMap::new(),
            reached: Vec::new(),
            ways: Ways::default(),
            made: 0,
        }
    }

    fn run(mut self) -> Outcome {
        let start = self.start();
        self.visit(&start, (0, 0));
        let (mut level, mut depth) = (vec![(0, start)], 0);
        while !level.is_empty() {
            let mut next = Vec::new();
            for (number, world) in &level {
                if let Some((promise, at)) = self.expand(*number, world, &mut next) {
                    return self.outcome(depth + 1, Some((promise, at)));
                }
            }
            (level, depth) = (next, depth + 1);
        }
        let stuck = std::mem::take(&mut self.ways).stuck().map(|at| (Promise::Settles, at));
        self.outcome(depth - 1, stuck)
    }

    fn start(&mut self) -> World {
        World::new(&self.rules).normal(&self.rules, &mut self.mind)
    }

    fn outcome(mut self, depth: usize, broken: Option<(Promise, u32)>) -> Outcome {
        let broken = broken.map(|(promise, at)| (promise, self.way_to(at)));
        let (states, situations, reasons) = (self.reached.len(), self.mind.answers(), self.mind.reasons());
        Outcome { states, moves: self.made, depth, situations, reasons, broken }
    }

    /// Makes every move from a state. Returns the first broken promise and its state.
    fn expand(&mut self, number: u32, world: &World, next: &mut Vec<(u32, World)>) -> Option<(Promise, u32)> {
        let mut is_at_rest = true;
        for at in 0..self.moves.len() {
            let what = self.moves[at];
            let Some(after) = what.make(world, &self.rules, &mut self.mind) else { continue };
            self.made += 1;
            let by = u8::try_from(at).unwrap();
            let (reached, is_new) = self.visit(&after, (number, by));
            if what == Move::Tick {
                self.ways.waits(number, reached);
            } else if what.is_calm(world) {
                self.ways.goes_on(number, reached);
                is_at_rest &= matches!(what, Move::Ends(_) | Move::Deletes);
            }
            if let Some(promise) = broken(&after, &self.rules) {
                return Some((promise, reached));
            }
            if is_new {
                next.push((reached, after));
            }
        }
        (is_at_rest && world.is_not_held()).then_some((Promise::Held, number))
    }

    /// The number of a state, and whether it is new.
    fn visit(&mut self, world: &World, from: (u32, u8)) -> (u32, bool) {
        let new = u32::try_from(self.reached.len()).unwrap();
        assert_ne!(new, NOWHERE, "more states than numbers");
        match self.numbers.entry(fingerprint(world)) {
            Entry::Occupied(entry) => (*entry.get(), false),
            Entry::Vacant(entry) => {
                entry.insert(new);
                self.reached.push(from);
                self.ways.add(world.has_settled());
                (new, true)
            }
        }
    }

    /// The moves to a state, and the state itself.
    fn way_to(&mut self, mut state: u32) -> Vec<String> {
        let mut moves = Vec::new();
        while state > 0 {
            let (from, by) = self.reached[state as usize];
            moves.push(self.moves[usize::from(by)]);
            state = from;
        }
        let mut world = self.start();
        let (mut lines, mut seconds) = (Vec::new(), 0);
        for what in moves.into_iter().rev() {
            let after = what.make(&world, &self.rules, &mut self.mind).unwrap();
            if what == Move::Tick {
                seconds += i64::from(self.rules.seconds);
            } else {
                lines.push(format!("{seconds:>6} s  {what:?}"));
                let is_changed = after.object != world.object || after.jobs != world.jobs;
                lines.extend(is_changed.then(|| format!("          {:?} {:?}", after.object, after.jobs)));
            }
            world = after;
        }
        lines.push(format!("at the end: {world:#?}"));
        lines
    }
}

/// Two states with one fingerprint would count as one state. With 128 bits this does not happen in practice. States
/// that differ only in the order of the processes have one fingerprint: each process has its own clock.
fn fingerprint(world: &World) -> u128 {
    let bytes = bytes::of(world).min(bytes::of(&world.mirrored()));
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(salt);
        hasher.write(&bytes);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}
