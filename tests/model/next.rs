//! The state after a move.

use super::mind::Mind;
use super::moves::Move;
use super::rules::Rules;
use super::world::World;

impl Move {
    /// The next state; `None`: the move is not possible, or changes nothing.
    pub fn make(self, before: &World, rules: &Rules, mind: &mut Mind) -> Option<World> {
        if !self.fits(before) {
            return None;
        }
        let mut world = before.clone();
        if self.kind().is_some() {
            world.spend()?;
        }
        world.make(self, rules, mind)?;
        let after = world.normal(rules, mind);
        (after != *before).then_some(after)
    }
}
