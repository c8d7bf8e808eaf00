//! The sources of reads. They take turns, so that none waits until another is empty. Pure.

/// A source of reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turn {
    /// Jobs of the round, and jobs that AWS has never described.
    Round,
    /// Pages of lists.
    List,
    /// Failed calls.
    Trials,
    /// Jobs whose calls fail alone.
    Aside,
    /// Jobs that AWS has never described, and jobs of the round.
    #[default]
    Unseen,
}

impl Turn {
    const ORDER: [Self; 5] = [Self::Round, Self::List, Self::Trials, Self::Aside, Self::Unseen];

    /// All sources: the one after this one first, and this one last.
    pub fn others_first(self) -> impl Iterator<Item = Self> {
        let place = Self::ORDER.iter().position(|turn| *turn == self).unwrap_or_default();
        Self::ORDER.into_iter().cycle().skip(place + 1).take(Self::ORDER.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_source_has_its_turn_and_the_last_one_comes_last() {
        for last in Turn::ORDER {
            let turns: Vec<_> = last.others_first().collect();
            assert_eq!((turns.len(), turns.last()), (5, Some(&last)));
            assert!(Turn::ORDER.iter().all(|turn| turns.contains(turn)), "{turns:?}");
        }
    }
}
