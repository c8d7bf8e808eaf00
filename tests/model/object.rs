//! The object, and the API server that keeps it: every write names the version that it is meant for. A model of what
//! `src/controller/patch.rs` does to one object.

use super::rules::Rules;
use super::world::Tick;

/// The object as it is stored, or as somebody saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Object {
    /// `resourceVersion`.
    pub version: u8,
    /// When it was created, as long as anybody asks.
    pub created_at: Option<Tick>,
    /// Whether the user has deleted it.
    pub is_deleting: bool,
    /// Whether it bears our finalizer.
    pub has_finalizer: bool,
    /// The claim annotation.
    pub claim: Option<Claim>,
    /// Its status.
    pub status: Status,
}

/// The claim, as far as processes differ in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    /// Who made it.
    pub holder: Holder,
    /// When, by that process's clock.
    pub at: Tick,
    /// Whether another job of the object may hide somewhere.
    pub again: bool,
}

/// A process as a claim names it; `None`: one that has been killed. No two processes bear one name.
pub type Holder = Option<usize>;

/// What a status records of submissions that AWS did not accept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Record {
    /// None.
    #[default]
    Never,
    /// One whose claim nobody knows any more.
    Before,
    /// That of the claim by this holder, with this time.
    Of(Holder, Tick),
}

/// A status: what it says, and the one time in it that a plan depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Status {
    /// The number of its words; the planner's words are kept by the mind.
    pub words: u8,
    /// Since when a late look is pending, if one is.
    pub since: Option<Tick>,
    /// The job that it names.
    pub job: Option<u8>,
    /// Whether it tells of an end.
    pub has_ended: bool,
    /// The submission that AWS did not accept.
    pub record: Record,
    /// Whether it tells of an attempt to submit.
    pub tells: bool,
}

/// The object has another version, or is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed;

impl Object {
    /// Just created.
    pub fn new() -> Self {
        Self {
            version: 0,
            created_at: Some(0),
            is_deleting: false,
            has_finalizer: false,
            claim: None,
            status: Status::default(),
        }
    }

    /// Whether somebody whose clock shows `now` finds it old when he sees it first.
    pub fn is_old(&self, now: Tick, rules: &Rules) -> bool {
        self.created_at.is_some_and(|at| now - at > rules.minutes(5))
    }

    /// The time of its creation, of its claim and of its status.
    pub fn each_time(&mut self, act: &mut dyn FnMut(&mut Tick)) {
        self.created_at.iter_mut().for_each(&mut *act);
        self.claim.iter_mut().for_each(|claim| act(&mut claim.at));
        self.status.each_time(act);
    }
}

impl Status {
    /// Every time in it.
    pub fn each_time(&mut self, act: &mut dyn FnMut(&mut Tick)) {
        self.since.iter_mut().for_each(&mut *act);
        if let Record::Of(_, at) = &mut self.record {
            act(at);
        }
    }
}

impl Record {
    /// The holder that it names.
    pub fn holder(&mut self) -> Option<&mut Holder> {
        match self {
            Self::Of(holder, _) => Some(holder),
            Self::Never | Self::Before => None,
        }
    }
}

impl Claim {
    /// How a status records that its submission was not accepted.
    pub fn record(self) -> Record {
        Record::Of(self.holder, self.at)
    }
}

/// Changes what is stored, if it is of that version still. `None`: whatever version it has.
pub fn write(
    stored: &mut Option<Object>,
    version: Option<u8>,
    change: impl FnOnce(&mut Object),
) -> Result<Object, Changed> {
    let object = stored.as_mut().ok_or(Changed)?;
    if version.is_some_and(|version| version != object.version) {
        return Err(Changed);
    }
    change(object);
    object.version += 1;
    let written = *object;
    if written.is_deleting && !written.has_finalizer {
        *stored = None;
    }
    Ok(written)
}
