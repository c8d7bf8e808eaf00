//! What befalls a world beyond its weather: conditions, each for a span of its time, a few in one world. Drawn from a
//! sequence of their own, so that a world without them is the same whatever is added here.

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
    /// Requests arrive up to the moment at which AWS refuses their signature, and later.
    LateRequests,
    /// The clocks of the replicas step between a minute before and a minute after the truth; AWS's differs from it, too.
    SteppingClocks,
    /// The queue is removed, and its jobs are ended with it.
    QueueGone,
    /// ListJobs is denied.
    ListDenied,
    /// ListJobs tells of strangers' jobs, and DescribeJobs does an hour later.
    UntoldStrangers,
    /// DescribeJobs tells of new jobs minutes after ListJobs does, and for a while of none that a status records.
    Untold,
    /// People put their manifests in place of objects: our finalizer, our claim, or both are gone.
    Manifests,
    /// Writes of the status are refused.
    StatusDenied,
    /// All writes of BatchJobs are refused.
    WritesDenied,
    /// Writes that name finalizers are refused.
    FinalizersDenied,
    /// Some reads of AWS are answered from an older view.
    OldReads,
    /// ListJobs, DescribeJobs and the tags in it lag each for itself.
    LaggingTags,
    /// Something between us and AWS refuses what AWS has carried out.
    Middlebox,
    /// Something between us and AWS answers reads with an empty object.
    EmptyAnswers,
    /// All replicas are moved to another account, and later back.
    AnotherAccount,
    /// Requests to end jobs fail for single jobs, before or after their effect.
    FailingEnds,
}

/// How many of a hundred worlds with conditions have each. Those that take long are rare.
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

/// The end of what never ends.
const NEVER: Duration = Duration::MAX;

/// The conditions of one world, each with its span.
#[derive(Clone, Debug, Default)]
pub struct Conditions(BTreeMap<Condition, (Duration, Duration)>);

impl Conditions {
    /// Half of the worlds have none.
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
            // Where a queue is gone in the one account only, nothing tells an object of the other from a refused one.
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

    /// Whether it holds then.
    pub fn holds(&self, condition: Condition, elapsed: Duration) -> bool {
        self.0.get(&condition).is_some_and(|(from, to)| (*from..*to).contains(&elapsed))
    }

    pub fn span(&self, condition: Condition) -> Option<(Duration, Duration)> {
        self.0.get(&condition).copied()
    }

    /// Whether it begins some day and never ends.
    pub fn stays(&self, condition: Condition) -> bool {
        self.span(condition).is_some_and(|(_, to)| to == NEVER)
    }

    /// When the last of those that end has ended.
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
