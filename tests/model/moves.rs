//! Everything that can happen next. Each move is tried in each state; one that cannot be made there is none.

use super::aws::JOBS;
use super::execute::Fate;
use super::mind::Mind;
use super::process::{Asked, Doing};
use super::rules::Rules;
use super::world::World;

/// One thing that happens, to process `.0` where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// A call of SubmitJob ends, with the answer that is there, or unclear.
    Answered(usize),
    /// A late request reaches AWS; its job hides so long.
    Arrives(u8),
    /// A process finds that the time for sending has passed.
    TooLate(usize),
    /// A request leaves, however long its process was stopped after its last check.
    Leaves(usize, Way),
    /// A process goes on with the plan that it has in hand.
    GoesOn(usize, Fate),
    /// The answer to a question by name, once it is there, is remembered.
    Hears(usize),
    /// AWS is asked by name.
    Looks(usize, Look),
    /// A pass: observe, plan, and the first write or call.
    Passes(usize, Fate),
    /// The same, and the process is stopped before the write.
    PlansAndStops(usize),
    /// The watch of a process falls behind: from now on it sees its own writes and no others.
    Lags(usize),
    /// The watch catches up.
    CatchesUp(usize),
    /// A job that was asked to ends.
    Obeys(usize),
    /// A job comes to its end by itself.
    Ends(usize),
    /// Time passes.
    Tick,
    /// The user deletes the object.
    Deletes,
    /// A process is killed, and started again with the same identity.
    Restarts(usize),
}

/// What becomes of a SubmitJob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It reaches AWS at once and is answered; its job hides so long.
    Straight(u8),
    /// The same, and the answer is lost.
    Unanswered(u8),
    /// It is lost.
    Lost,
    /// It is on its way for some time.
    Late,
    /// AWS says no.
    Refused,
}

/// What becomes of a look by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// It is answered at once.
    Answered,
    /// It fails.
    Failed,
    /// Its answer takes its time.
    Late,
}

impl Move {
    /// All moves. First those that are no faults, in the order in which they are made when nothing goes wrong.
    pub fn all(rules: &Rules) -> Vec<Self> {
        let both = |of: &dyn Fn(usize) -> Vec<Self>| [of(0), of(1)].concat();
        let hides: Vec<u8> = (0..=u8::try_from(rules.hides).unwrap()).collect();
        let ways = |way: fn(u8) -> Way, who| hides.iter().map(move |hides| Self::Leaves(who, way(*hides)));
        let bad = [Fate::Refused, Fate::Unanswered];
        let calm = [
            vec![Self::Arrives(0)],
            both(&|who| vec![Self::Answered(who), Self::TooLate(who), Self::Leaves(who, Way::Straight(0))]),
            both(&|who| vec![Self::GoesOn(who, Fate::Done), Self::Hears(who), Self::CatchesUp(who)]),
            (0..JOBS).map(Self::Obeys).collect(),
            both(&|who| vec![Self::Looks(who, Look::Answered), Self::Passes(who, Fate::Done)]),
            (0..JOBS).map(Self::Ends).collect(),
            vec![Self::Tick],
        ];
        let other = [
            hides.iter().skip(1).map(|hides| Self::Arrives(*hides)).collect(),
            both(&|who| ways(Way::Straight, who).skip(1).collect()),
            both(&|who| ways(Way::Unanswered, who).collect()),
            both(&|who| [Way::Lost, Way::Late, Way::Refused].map(|way| Self::Leaves(who, way)).to_vec()),
            both(&|who| bad.map(|fate| Self::GoesOn(who, fate)).to_vec()),
            both(&|who| [Look::Failed, Look::Late].map(|look| Self::Looks(who, look)).to_vec()),
            both(&|who| bad.map(|fate| Self::Passes(who, fate)).to_vec()),
            both(&|who| vec![Self::PlansAndStops(who)]),
            both(&|who| vec![Self::Lags(who)]),
            vec![Self::Deletes],
            both(&|who| vec![Self::Restarts(who)]),
        ];
        [calm.concat(), other.concat()].concat()
    }

    /// Whether it happens when nothing goes wrong and nobody waits without need.
    pub fn is_calm(self) -> bool {
        match self {
            Self::Arrives(hides) | Self::Leaves(_, Way::Straight(hides)) => hides == 0,
            Self::GoesOn(_, fate) | Self::Passes(_, fate) => fate == Fate::Done,
            Self::Looks(_, look) => look == Look::Answered,
            Self::Leaves(..) | Self::PlansAndStops(_) | Self::Lags(_) | Self::Deletes | Self::Restarts(_) => {
                false
            }
            Self::Answered(_)
            | Self::TooLate(_)
            | Self::Hears(_)
            | Self::CatchesUp(_)
            | Self::Obeys(_)
            | Self::Ends(_)
            | Self::Tick => true,
        }
    }

    /// Whether it uses up one of the faults.
    fn is_fault(self) -> bool {
        match self {
            Self::Leaves(_, way) => !matches!(way, Way::Straight(_)),
            Self::GoesOn(_, fate) | Self::Passes(_, fate) => fate != Fate::Done,
            Self::Looks(_, look) => look != Look::Answered,
            Self::PlansAndStops(_) | Self::Lags(_) | Self::Restarts(_) => true,
            _ => false,
        }
    }

    /// Whether it is worth a try: most are not, and a state is not copied for them.
    fn fits(self, world: &World) -> bool {
        let doing = |who: usize| world.processes[who].doing;
        let is_there = match self {
            Self::Arrives(_) => !world.requests.is_empty(),
            Self::Answered(who) => matches!(doing(who), Doing::Waiting(..)),
            Self::TooLate(who) | Self::Leaves(who, _) => matches!(doing(who), Doing::Claimed(_)),
            Self::GoesOn(who, _) => matches!(doing(who), Doing::Planned { .. }),
            Self::Hears(who) => matches!(world.processes[who].asked, Asked::Read(_)),
            Self::Looks(who, _) => world.processes[who].asked == Asked::Open,
            Self::Passes(who, _) | Self::PlansAndStops(who) => doing(who) == Doing::Nothing,
            Self::CatchesUp(who) => world.processes[who].cached.is_some(),
            Self::Obeys(id) | Self::Ends(id) => id < world.jobs.len(),
            Self::Lags(_) | Self::Tick | Self::Deletes | Self::Restarts(_) => true,
        };
        is_there && (world.faults > 0 || !self.is_fault())
    }

    /// The state that it leads to; `None`: it cannot be made here, or changes nothing.
    pub fn make(self, before: &World, rules: &Rules, mind: &mut Mind) -> Option<World> {
        if !self.fits(before) {
            return None;
        }
        let mut world = before.clone();
        if self.is_fault() {
            world.spend()?;
        }
        world.make(self, rules, mind)?;
        let after = world.normal(rules, mind);
        (after != *before).then_some(after)
    }
}
