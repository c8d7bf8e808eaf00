//! Faults by script: what goes wrong, in which operation, how often, and before or after the service did its work.

use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// 429 with its code.
    Throttled,
    /// 429 without a code, as from a proxy.
    ThrottledBare,
    /// 400.
    Refused,
    /// 403.
    Denied,
    /// 500.
    ServerError,
    /// 503.
    Unavailable,
    /// The connection closes without an answer.
    Drop,
    /// A 200 whose body breaks off.
    Truncated,
    /// A 200 with `{}`.
    Empty,
    /// A 200 with a page of HTML.
    Html,
    /// No answer, and the connection stays open.
    Hang,
    /// The right answer, a second and a half late.
    Slow,
}

/// Before or after the service does its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum When {
    /// Nothing was done.
    Before,
    /// All was done, and only the answer suffers.
    After,
}

/// One line of the script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// The operation by AWS's name, or `*`.
    pub operation: String,
    /// What goes wrong.
    pub kind: Kind,
    /// Before or after.
    pub when: When,
    /// How likely, from 0 to 1.
    pub probability: f64,
    /// How many times at most; `None`: without end.
    pub times: Option<u32>,
}

impl Fault {
    /// Strikes with this probability, without end.
    pub fn sometimes(operation: &str, kind: Kind, when: When, probability: f64) -> Self {
        Self { operation: operation.to_owned(), kind, when, probability, times: None }
    }

    /// Strikes the next `times` calls.
    pub fn next(operation: &str, kind: Kind, when: When, times: u32) -> Self {
        Self { times: Some(times), ..Self::sometimes(operation, kind, when, 1.0) }
    }
}

/// The script, and the dice.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The lines; the first that strikes counts.
    pub faults: Vec<Fault>,
    state: u64,
}

impl Script {
    /// Dice that fall the same way for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self { faults: Vec::new(), state: seed }
    }

    /// What strikes this call.
    pub fn strike(&mut self, operation: &str) -> Option<(Kind, When)> {
        for place in 0..self.faults.len() {
            let fault = &self.faults[place];
            if (fault.operation != "*" && fault.operation != operation) || fault.times == Some(0) {
                continue;
            }
            let (kind, when, probability) = (fault.kind, fault.when, fault.probability);
            if probability >= 1.0 || self.dice() < probability {
                if let Some(times) = &mut self.faults[place].times {
                    *times -= 1;
                }
                return Some((kind, when));
            }
        }
        None
    }

    /// A number from 0 to 1 (splitmix64).
    fn dice(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bits = (z ^ (z >> 31)) >> 32;
        f64::from(u32::try_from(bits).unwrap_or(0)) / f64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probability_is_kept_over_many_calls() {
        let mut script = Script::seeded(7);
        script.faults = vec![Fault::sometimes("SubmitJob", Kind::Drop, When::Before, 0.2)];
        let strikes = (0..10_000).filter(|_| script.strike("SubmitJob").is_some()).count();
        assert!((1_800..2_200).contains(&strikes), "{strikes}");
        assert_eq!(script.strike("ListJobs"), None);
    }

    #[test]
    fn a_counted_fault_strikes_so_often() {
        let mut script = Script::seeded(7);
        script.faults = vec![Fault::next("*", Kind::Html, When::After, 2)];
        let strikes: Vec<_> = (0..4).map(|_| script.strike("SubmitJob").is_some()).collect();
        assert_eq!(strikes, [true, true, false, false]);
    }
}
