//! All possible moves. Each move is tried in each state; an impossible move is skipped.

use super::execute::Fate;
use super::jobs::JOBS;
use super::process::{Asked, Doing};
use super::rules::{Kind, Rules};
use super::time::Tick;
use super::world::World;

/// One move, of process `.0` if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// A call of SubmitJob ends, with its answer or in doubt.
    Answered(usize),
    /// The late request of this number, the oldest first, reaches AWS. Its job is hidden for this time.
    Arrives(usize, u8),
    /// A process finds that the time for sending has passed.
    TooLate(usize),
    /// A request is sent, however long its process was stopped after its last check.
    Leaves(usize, Way),
    /// A process continues its present plan.
    GoesOn(usize, Fate),
    /// A process remembers the result of a search by name that has ended.
    Hears(usize),
    /// A search by name is made.
    Looks(usize, Look),
    /// A pass: observe, plan, and the first write or call.
    Passes(usize, Fate),
    /// A pass in which the process is stopped before the write.
    PlansAndStops(usize),
    /// The watch of a process falls behind: from now on the process sees its own writes only.
    Lags(usize),
    /// The watch catches up.
    CatchesUp(usize),
    /// A job ends on request.
    Obeys(usize),
    /// A job ends by itself.
    Ends(usize),
    /// Time passes.
    Tick,
    /// The user deletes the object.
    Deletes,
    /// A process is killed, and another is started in its place.
    Restarts(usize),
    /// A person replaces the object by its manifest.
    Puts(Taken),
    /// The wall clock of a process is set this far ahead.
    Steps(usize, Tick),
    /// A person deletes the queue.
    QueueGoes,
}

/// What a replace by manifest removes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The claim.
    Claim,
    /// The finalizer.
    Finalizer,
    /// Both.
    Both,
}

/// The fate of a SubmitJob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It reaches AWS at once and is answered. Its job is hidden for this time.
    Straight(u8),
    /// It reaches AWS, but the caller does not know: the answer is lost, or a proxy refuses in AWS's place.
    Unanswered(u8),
    /// It is lost.
    Lost,
    /// It is on its way for some time.
    Late,
    /// AWS refuses it.
    Refused,
    /// AWS answers with a failure, and has no job of it.
    Failed,
    /// AWS answers with a failure, and has a job of it all the same, which is hidden for this time.
    DoneAndFailed(u8),
}

/// The fate of a search by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// It is answered at once.
    Answered,
    /// It fails.
    Failed,
    /// It is answered late.
    Late,
}

impl Move {
    /// All moves. First those without a fault, in the order in which they are made when nothing goes wrong.
    pub fn all(rules: &Rules) -> Vec<Self> {
        let both = |of: &dyn Fn(usize) -> Vec<Self>| [of(0), of(1)].concat();
        let hides: Vec<u8> = (0..=u8::try_from(rules.hides).unwrap()).collect();
        let ways = |way: fn(u8) -> Way, who| hides.iter().map(move |hides| Self::Leaves(who, way(*hides)));
        let bad = [Fate::Refused, Fate::Unanswered];
        let calm = [
            vec![Self::Deletes],
            vec![Self::Arrives(0, 0)],
            both(&|who| vec![Self::Answered(who), Self::TooLate(who), Self::Leaves(who, Way::Straight(0))]),
            both(&|who| vec![Self::GoesOn(who, Fate::Done), Self::Hears(who), Self::CatchesUp(who)]),
            (0..JOBS).map(Self::Obeys).collect(),
            both(&|who| vec![Self::Looks(who, Look::Answered), Self::Passes(who, Fate::Done)]),
            (0..JOBS).map(Self::Ends).collect(),
            vec![Self::Tick],
        ];
        let late: Vec<_> = (0..usize::from(rules.faults)).collect();
        let arrives = late.iter().flat_map(|nth| hides.iter().map(|hides| Self::Arrives(*nth, *hides)));
        let other = [
            arrives.skip(1).collect(),
            both(&|who| ways(Way::Straight, who).skip(1).collect()),
            both(&|who| ways(Way::Unanswered, who).collect()),
            both(&|who| ways(Way::DoneAndFailed, who).collect()),
            both(&|who| {
                let ways = [Way::Lost, Way::Late, Way::Refused, Way::Failed];
                ways.map(|way| Self::Leaves(who, way)).to_vec()
            }),
            both(&|who| bad.map(|fate| Self::GoesOn(who, fate)).to_vec()),
            both(&|who| [Look::Failed, Look::Late].map(|look| Self::Looks(who, look)).to_vec()),
            both(&|who| bad.map(|fate| Self::Passes(who, fate)).to_vec()),
            both(&|who| vec![Self::PlansAndStops(who)]),
            both(&|who| vec![Self::Lags(who)]),
            both(&|who| vec![Self::Restarts(who)]),
            [Taken::Claim, Taken::Finalizer, Taken::Both].map(Self::Puts).to_vec(),
            both(&|who| (-1..=1).map(|ahead| Self::Steps(who, rules.minutes(ahead))).collect()),
            vec![Self::QueueGoes],
        ];
        let all = [calm.concat(), other.concat()].concat();
        all.into_iter().filter(|what| what.kind().is_none_or(|kind| rules.allows(kind))).collect()
    }

    /// Whether the move happens when nothing goes wrong and nothing waits without need. An object whose queue is gone
    /// is deleted at some time.
    pub fn is_calm(self, world: &World) -> bool {
        match self {
            Self::Deletes => world.queue_is_gone,
            Self::Arrives(nth, hides) => (nth, hides) == (0, 0),
            Self::Leaves(_, Way::Straight(hides)) => hides == 0,
            Self::GoesOn(_, fate) | Self::Passes(_, fate) => fate == Fate::Done,
            Self::Looks(_, look) => look == Look::Answered,
            Self::Leaves(..)
            | Self::PlansAndStops(_)
            | Self::Lags(_)
            | Self::Restarts(_)
            | Self::Puts(_)
            | Self::Steps(..)
            | Self::QueueGoes => false,
            Self::Answered(_)
            | Self::TooLate(_)
            | Self::Hears(_)
            | Self::CatchesUp(_)
            | Self::Obeys(_)
            | Self::Ends(_)
            | Self::Tick => true,
        }
    }

    /// The kind of the fault, if the move is one.
    pub fn kind(self) -> Option<Kind> {
        match self {
            Self::Leaves(_, Way::Unanswered(_) | Way::Lost | Way::Late) => Some(Kind::Wire),
            Self::Leaves(_, Way::Refused | Way::Failed | Way::DoneAndFailed(_)) => Some(Kind::Answer),
            Self::GoesOn(_, fate) | Self::Passes(_, fate) => (fate != Fate::Done).then_some(Kind::Write),
            Self::Looks(_, look) => (look != Look::Answered).then_some(Kind::Look),
            Self::PlansAndStops(_) => Some(Kind::Stop),
            Self::Lags(_) => Some(Kind::Lag),
            Self::Restarts(_) => Some(Kind::Crash),
            Self::Puts(_) => Some(Kind::Put),
            Self::Steps(..) => Some(Kind::Step),
            Self::QueueGoes => Some(Kind::Queue),
            _ => None,
        }
    }

    /// Whether the move may be possible. Most are not, so this check comes before the state is copied.
    pub fn fits(self, world: &World) -> bool {
        let doing = |who: usize| world.processes[who].doing;
        let is_there = match self {
            Self::Arrives(nth, _) => nth < world.requests.len(),
            Self::Answered(who) => matches!(doing(who), Doing::Waiting(..)),
            Self::TooLate(who) | Self::Leaves(who, _) => matches!(doing(who), Doing::Claimed(_)),
            Self::GoesOn(who, _) => matches!(doing(who), Doing::Planned { .. }),
            Self::Hears(who) => matches!(world.processes[who].asked, Asked::Read(_)),
            Self::Looks(who, _) => world.processes[who].asked == Asked::Open,
            Self::Passes(who, _) | Self::PlansAndStops(who) => doing(who) == Doing::Nothing,
            Self::CatchesUp(who) => world.processes[who].cached.is_some(),
            Self::Obeys(id) | Self::Ends(id) => id < world.jobs.len(),
            Self::Lags(_)
            | Self::Tick
            | Self::Deletes
            | Self::Restarts(_)
            | Self::Puts(_)
            | Self::Steps(..)
            | Self::QueueGoes => true,
        };
        is_there && (world.faults > 0 || self.kind().is_none())
    }
}
