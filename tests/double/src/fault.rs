//! Faults by script: what goes wrong, in which operation, how often, and before or after the service did its work.
//! Knows nothing of sockets: see `wire` for how each is played.

use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// 429 with its code.
    Throttled,
    /// 429 from a middlebox: without a code or a request id.
    ThrottledBare,
    /// 400, with the fault's text.
    Refused,
    /// 400 from a middlebox.
    RefusedBare,
    /// 403.
    Denied,
    /// 403 from a middlebox.
    DeniedBare,
    /// 500.
    ServerError,
    /// 503.
    Unavailable,
    /// 404, as of a service that does not have the operation.
    UnknownOperation,
    /// The connection closes without an answer.
    Drop,
    /// A 200 whose body breaks off.
    Truncated,
    /// A 200 with `{}` from a middlebox.
    Empty,
    /// A 200 with `{}` from AWS itself.
    Hollow,
    /// A 200 with a page of HTML from a middlebox.
    Html,
    /// No answer, and the connection stays open.
    Hang,
    /// The right answer, late.
    Slow,
    /// The right answer of a while ago: a read that falls back by the fault's delay.
    Stale,
    /// The right answer, whose body comes late and in pieces.
    SlowBody,
}

/// Before or after the service does its work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum When {
    /// Nothing was done.
    #[default]
    Before,
    /// All was done, and only the answer suffers.
    After,
}

/// The operation of a fault that strikes a connection before anything is read: it is closed at once, whatever the kind.
pub const CONNECT: &str = "connect";

/// One line of the script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// The operation by AWS's name; `*`: any; `connect`: connections are closed before anything is read.
    pub operation: String,
    /// What goes wrong.
    pub kind: Kind,
    /// Before or after.
    #[serde(default)]
    pub when: When,
    /// How likely, from 0 to 1.
    #[serde(default = "always")]
    pub probability: f64,
    /// How many times at most; `None`: without end.
    #[serde(default)]
    pub times: Option<u32>,
    /// What the answer says, where it can say something; `None`: something plausible.
    #[serde(default)]
    pub text: Option<String>,
    /// How late a slow answer is, or how old a stale one.
    #[serde(default = "slow")]
    pub delay_ms: u64,
}

fn always() -> f64 {
    1.0
}

fn slow() -> u64 {
    1500
}

impl Fault {
    /// Strikes with this probability, without end.
    pub fn sometimes(operation: &str, kind: Kind, when: When, probability: f64) -> Self {
        let operation = operation.to_owned();
        Self { operation, kind, when, probability, times: None, text: None, delay_ms: slow() }
    }

    /// Strikes every call.
    pub fn always(operation: &str, kind: Kind, when: When) -> Self {
        Self::sometimes(operation, kind, when, always())
    }

    /// Strikes the next `times` calls.
    pub fn next(operation: &str, kind: Kind, when: When, times: u32) -> Self {
        Self { times: Some(times), ..Self::always(operation, kind, when) }
    }

    /// With this text.
    #[must_use]
    pub fn saying(self, text: &str) -> Self {
        Self { text: Some(text.to_owned()), ..self }
    }

    /// So late.
    #[must_use]
    pub fn late_by_ms(self, delay_ms: u64) -> Self {
        Self { delay_ms, ..self }
    }

    fn is_for(&self, operation: &str) -> bool {
        let is_any = self.operation == "*" && operation != CONNECT;
        self.times != Some(0) && (is_any || self.operation == operation)
    }
}

/// The script, and the dice.
#[derive(Clone, Debug)]
pub struct Script {
    /// The lines; the first that strikes counts.
    pub faults: Vec<Fault>,
    dice: fastrand::Rng,
}

impl Script {
    /// Dice that fall the same way for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self { faults: Vec::new(), dice: fastrand::Rng::with_seed(seed) }
    }

    /// What strikes this call.
    pub fn strike(&mut self, operation: &str) -> Option<Fault> {
        let Self { faults, dice } = self;
        let mut concerned = faults.iter_mut().filter(|fault| fault.is_for(operation));
        let fault = concerned.find(|fault| fault.probability >= 1.0 || dice.f64() < fault.probability)?;
        if let Some(times) = &mut fault.times {
            *times -= 1;
        }
        Some(fault.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probability_is_kept_over_many_calls_and_the_same_seed_plays_the_same() {
        let strikes = || {
            let mut script = Script::seeded(7);
            script.faults = vec![Fault::sometimes("SubmitJob", Kind::Drop, When::Before, 0.2)];
            (0..10_000).map(|_| script.strike("SubmitJob").is_some()).collect::<Vec<_>>()
        };
        let number = strikes().into_iter().filter(|strikes| *strikes).count();
        assert!((1_800..2_200).contains(&number), "{number}");
        assert_eq!(strikes(), strikes());
    }

    #[test]
    fn a_fault_strikes_its_operation_only_and_every_means_no_connection() {
        let mut script = Script::seeded(7);
        script.faults = vec![Fault::always("SubmitJob", Kind::Drop, When::Before)];
        assert_eq!(script.strike("ListJobs"), None);
        script.faults = vec![Fault::always("*", Kind::Drop, When::Before)];
        assert!(script.strike("ListJobs").is_some());
        assert_eq!(script.strike(CONNECT), None);
    }

    #[test]
    fn a_counted_fault_strikes_so_often_and_then_the_next_line_has_its_turn() {
        let mut script = Script::seeded(7);
        script.faults = vec![
            Fault::next("*", Kind::Html, When::After, 2),
            Fault::next("SubmitJob", Kind::Drop, When::Before, 1),
        ];
        let strikes: Vec<_> = (0..4).map(|_| script.strike("SubmitJob").map(|fault| fault.kind)).collect();
        assert_eq!(strikes, [Some(Kind::Html), Some(Kind::Html), Some(Kind::Drop), None]);
    }
}
