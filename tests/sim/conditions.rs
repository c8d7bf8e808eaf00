//! Conditions: troubles beyond the weather, each for a span of time, a few in one world. They have a random sequence of
//! their own. A world without conditions is thus unchanged when more conditions are added.

use std::collections::BTreeMap;
use std::time::Duration;

use super::dice::Dice;

/// One condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// Objects are held back for more than a day, and some jobs run for more than a day.
    Days,
    /// Twenty objects.
    Crowd,
    /// Requests arrive until AWS refuses their signature, and later.
    LateRequests,
    /// The clocks of the replicas step within a minute of the true time. AWS's clock is wrong, too.
    SteppingClocks,
    /// The queue is removed, and its jobs are ended with it.
    QueueGone,
    /// ListJobs is denied.
    ListDenied,
    /// ListJobs shows jobs of other owners, and DescribeJobs shows them an hour later.
    UntoldStrangers,
    /// DescribeJobs shows new jobs minutes after ListJobs. For a while it shows no job that a status records.
    Untold,
    /// People replace objects by their manifests: our finalizer, our claim, or both are removed.
    Manifests,
    /// Writes of the status are refused.
    StatusDenied,
    /// All writes of BatchJobs are refused.
    WritesDenied,
    /// Writes that name finalizers are refused.
    FinalizersDenied,
    /// Some reads of AWS are answered from an older view.
    OldReads,
    /// ListJobs, DescribeJobs and the tags of jobs lag independently.
    LaggingTags,
    /// A proxy refuses requests that AWS has carried out.
    Middlebox,
    /// A proxy answers reads with an empty object.
    EmptyAnswers,
    /// All replicas are moved to another account, and later back.
    AnotherAccount,
    /// Requests to end jobs fail for single jobs, before or after their effect.
    FailingEnds,
}

/// The percentage of the worlds with conditions that have each. Slow conditions are rare.
const CHANCES: [(Condition, u64); 18] = [
    (Condition::Days, 4),
    (Condition::Crowd, 4),
    (Condition::LateRequests, 15),
    (Condition::SteppingClocks, 15),
    (Condition::QueueGone, 12),
    (Condition::ListDenied, 10),
    (Condition::UntoldStrangers, 8),
    (Condition::Untold, 10),
    (Condition::Manifests, 15),
    (Condition::StatusDenied, 8),
    (Condition::WritesDenied, 8),
    (Condition::FinalizersDenied, 8),
    (Condition::OldReads, 12),
    (Condition::LaggingTags, 12),
    (Condition::Middlebox, 12),
    (Condition::EmptyAnswers, 12),
    (Condition::AnotherAccount, 10),
    (Condition::FailingEnds, 12),
];

/// The end of a condition that never ends.
const NEVER: Duration = Duration::MAX;

/// The conditions of one world, each with its span.
#[derive(Clone, Debug, Default)]
pub struct Conditions(BTreeMap<Condition, (Duration, Duration)>);

impl Conditions {
    /// Half of the worlds have no condition.
    pub fn choose(dice: &mut Dice) -> Self {
        if dice.percent(50) {
            return Self::default();
        }
        let mut chosen = BTreeMap::new();
        for (condition, percent) in CHANCES {
            if dice.percent(percent) {
                chosen.insert(condition, span(condition, dice));
            }
        }
        if chosen.contains_key(&Condition::QueueGone) {
            // If the queue is gone in one account only, an object of the other account looks like a refused object.
            chosen.remove(&Condition::AnotherAccount);
        }
        Self(chosen)
    }

    pub fn without(mut self, condition: Condition) -> Self {
        self.0.remove(&condition);
        self
    }

    /// Whether the world has it at any time.
    pub fn has(&self, condition: Condition) -> bool {
        self.0.contains_key(&condition)
    }

    /// Whether the condition holds at that time.
    pub fn holds(&self, condition: Condition, elapsed: Duration) -> bool {
        self.0.get(&condition).is_some_and(|(from, to)| (*from..*to).contains(&elapsed))
    }

    pub fn span(&self, condition: Condition) -> Option<(Duration, Duration)> {
        self.0.get(&condition).copied()
    }

    /// Whether the condition begins and never ends.
    pub fn stays(&self, condition: Condition) -> bool {
        self.span(condition).is_some_and(|(_, to)| to == NEVER)
    }

    /// The end of the last condition that ends.
    pub fn end(&self) -> Duration {
        self.0.values().map(|(_, to)| *to).filter(|to| *to != NEVER).max().unwrap_or_default()
    }
}

fn span(condition: Condition, dice: &mut Dice) -> (Duration, Duration) {
    use Condition::{
        AnotherAccount, EmptyAnswers, FinalizersDenied, ListDenied, QueueGone, StatusDenied, Untold,
        WritesDenied,
    };
    let from = dice.seconds(0, 900);
    match condition {
        QueueGone | WritesDenied if dice.percent(20) => (from, NEVER),
        QueueGone | ListDenied | StatusDenied | WritesDenied | FinalizersDenied | EmptyAnswers => {
            (from, from + dice.seconds(60, 1200))
        }
        Untold => (from, from + dice.seconds(300, 1200)),
        AnotherAccount => (from, from + dice.seconds(300, 2400)),
        _ => (Duration::ZERO, NEVER),
    }
}
