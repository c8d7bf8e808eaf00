//! The calls that AWS has answered, counted on its side.

use std::collections::BTreeMap;

use batch_double::{Count, Double};

/// How many calls of each operation.
#[derive(Clone, Debug, Default)]
pub struct Calls(BTreeMap<&'static str, u64>);

impl Calls {
    /// All so far.
    pub fn so_far(double: &Double) -> Self {
        Self::of(double.counts())
    }

    /// Those since this count.
    pub fn since(&self, double: &Double) -> Self {
        let mut since = Self::so_far(double);
        for (operation, number) in &mut since.0 {
            *number -= self.get(operation);
        }
        since
    }

    /// Those of one operation.
    pub fn get(&self, operation: &str) -> u64 {
        self.0.get(operation).copied().unwrap_or_default()
    }

    /// Those of all operations.
    pub fn all(&self) -> u64 {
        self.0.values().sum()
    }

    fn of(counts: Vec<Count>) -> Self {
        let mut calls = BTreeMap::new();
        for count in counts {
            *calls.entry(count.operation).or_default() += count.count;
        }
        Self(calls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_whatever_their_outcome() {
        let count = |operation, outcome: &str, count| Count { operation, outcome: outcome.to_owned(), count };
        let calls = Calls::of(vec![
            count("ListJobs", "200", 3),
            count("ListJobs", "429", 2),
            count("SubmitJob", "200", 1),
        ]);
        assert_eq!((calls.get("ListJobs"), calls.get("TerminateJobs"), calls.all()), (5, 0, 6));
    }
}
