//! What goes wrong, in which order and for how long: from the seed alone. Knows nothing of how it is done.

use std::time::Duration;

use stand::Dice;

/// What is done to a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// SIGKILL; started again under the same name, as a container in its pod.
    Kill,
    /// SIGKILL; started again under another name, as a pod that is replaced.
    Replace,
    /// SIGSTOP for longer than a lease, then SIGCONT.
    Freeze,
    /// Two rolling upgrades back to back: a new replica is ready before an old one is asked to stop.
    Upgrades,
    /// The API server is stopped, and started again.
    ApiServer,
    /// etcd is killed, and started again.
    Etcd,
    /// AWS Batch refuses connections, and listens again with all its jobs.
    Batch,
}

impl Deed {
    /// Every one of them.
    pub const ALL: [Self; 7] =
        [Self::Kill, Self::Replace, Self::Freeze, Self::Upgrades, Self::ApiServer, Self::Etcd, Self::Batch];

    /// Its name in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kill => "SIGKILL, same name again",
            Self::Replace => "SIGKILL, replaced",
            Self::Freeze => "SIGSTOP longer than a lease",
            Self::Upgrades => "two rolling upgrades",
            Self::ApiServer => "API server restarted",
            Self::Etcd => "etcd killed and restarted",
            Self::Batch => "AWS Batch unreachable",
        }
    }
}

/// One deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The pause before it.
    pub pause: Duration,
    /// What.
    pub deed: Deed,
    /// To which replica, where it is done to one.
    pub replica: usize,
    /// For how long.
    pub hold: Duration,
}

/// The deeds, without end: all of them in every round, each round in another order.
pub fn deeds(seed: u64) -> impl Iterator<Item = Planned> {
    let mut dice = Dice::of(seed, 1);
    std::iter::repeat_with(move || {
        let mut round = Deed::ALL;
        dice.shuffle(&mut round);
        round.map(|deed| Planned {
            pause: Duration::from_millis(dice.between(500, 3000)),
            deed,
            replica: dice.below(2),
            hold: Duration::from_millis(match deed {
                Deed::Freeze => dice.between(6000, 9000),
                _ => dice.between(200, 3000),
            }),
        })
    })
    .flatten()
}

/// How AWS Batch answers for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// Some errors, some slow answers.
    Usual,
    /// Mostly 429.
    Throttling,
    /// Mostly 403: credentials have expired.
    Expired,
    /// 500 and 503, before and after the work.
    Errors,
    /// The work is done and its answer is lost, cut short, or a page of HTML.
    LostReplies,
    /// AWS does the work, and what lies between says no or an empty yes, or answers with what was true a while ago.
    Middlebox,
    /// No answer at all.
    Hanging,
    /// Late answers, in pieces.
    Slow,
    /// Reads lag as far behind as they ever do.
    Lag,
}

/// The weathers, without end, and how long each lasts.
pub fn weathers(seed: u64) -> impl Iterator<Item = (Weather, Duration)> {
    use Weather::{Errors, Expired, Hanging, Lag, LostReplies, Middlebox, Slow, Throttling, Usual};
    let mut dice = Dice::of(seed, 2);
    std::iter::repeat_with(move || {
        let mut round = [
            Usual,
            Throttling,
            Expired,
            Errors,
            LostReplies,
            Middlebox,
            LostReplies,
            Hanging,
            Slow,
            Lag,
            Middlebox,
        ];
        dice.shuffle(&mut round);
        round.map(|weather| {
            let (least, most) = match weather {
                Throttling | Expired | Hanging => (2000, 4000),
                Lag => (5000, 15_000),
                _ => (3000, 7000),
            };
            (weather, Duration::from_millis(dice.between(least, most)))
        })
    })
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_alone_decides() {
        let first =
            |seed| (deeds(seed).take(50).collect::<Vec<_>>(), weathers(seed).take(50).collect::<Vec<_>>());
        assert_eq!(first(7), first(7));
        assert_ne!(first(7), first(8));
    }

    #[test]
    fn every_round_has_every_deed() {
        for deed in Deed::ALL {
            let done = deeds(3).take(Deed::ALL.len() * 4).filter(|planned| planned.deed == deed).count();
            assert_eq!(done, 4, "{deed:?}");
        }
    }
}
