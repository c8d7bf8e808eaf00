//! Chance that falls the same way for the same seed.

/// Dice. The simulation has its own, for its seeds are named in its tests.
#[derive(Clone, Debug)]
pub struct Dice(fastrand::Rng);

impl Dice {
    /// The dice of a seed.
    pub fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// Those of a seed for one purpose of several.
    pub fn of(seed: u64, purpose: u64) -> Self {
        Self::new(seed ^ purpose.wrapping_mul(0xd6e8_feb8_6659_fd93))
    }

    /// A number from 0 to below `bound`; 0 where there is none.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0.usize(..bound.max(1))
    }

    /// A number from `least` to below `most`; `least` where there is none.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        self.0.u64(least..most.max(least + 1))
    }

    /// One of these, of which there is at least one.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// The same things in another order.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        self.0.shuffle(things);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_falls_the_same_way_and_another_purpose_another() {
        let rolls = |mut dice: Dice| (0..100).map(|_| dice.between(0, 1_000)).collect::<Vec<_>>();
        assert_eq!(rolls(Dice::of(7, 1)), rolls(Dice::of(7, 1)));
        assert_ne!(rolls(Dice::of(7, 1)), rolls(Dice::of(7, 2)));
        assert_ne!(rolls(Dice::new(7)), rolls(Dice::new(8)));
    }

    #[test]
    fn every_number_below_a_bound_falls_and_no_other() {
        let mut dice = Dice::new(7);
        let fallen: std::collections::BTreeSet<_> = (0..1_000).map(|_| dice.below(6)).collect();
        assert_eq!(fallen.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
        assert_eq!((dice.below(0), dice.between(4, 4)), (0, 4));
    }
}
