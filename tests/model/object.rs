//! The object, and the API server that stores it: every write names a version. A model of what
//! `src/controller/patch.rs` does to one object.

use super::rules::Rules;
use super::time::Tick;

/// The object as it is stored, or as a process saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Object {
    /// `resourceVersion`.
    pub version: u8,
    /// When it was created, while this matters.
    pub created_at: Option<Tick>,
    /// Whether the user has deleted it.
    pub is_deleting: bool,
    /// Whether it has our finalizer.
    pub has_finalizer: bool,
    /// The claim annotation.
    pub claim: Option<Claim>,
    /// Its status.
    pub status: Status,
}

/// The claim, as far as it matters to processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    /// The process that made it.
    pub holder: Holder,
    /// The time, by that process's clock.
    pub at: Tick,
    /// Whether another job of the object may be hidden.
    pub again: bool,
}

/// The process in a claim; `None`: a killed process. No two processes share a name.
pub type Holder = Option<usize>;

/// The record in a status of a submission that AWS did not accept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Record {
    /// None.
    #[default]
    Never,
    /// A record about an unknown claim.
    Before,
    /// A record about the claim of this holder with this time.
    Of(Holder, Tick),
}

/// A status: its contents, and the one time that a plan depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Status {
    /// The number of its contents, which the mind keeps.
    pub words: u8,
    /// Since when a second search is pending, if any.
    pub since: Option<Tick>,
    /// The job that it names.
    pub job: Option<u8>,
    /// Whether the phase is terminal.
    pub has_ended: bool,
    /// The submission that AWS did not accept.
    pub record: Record,
    /// Whether it is a trace of an attempt to submit.
    pub tells: bool,
}

/// The object has another version, or was removed.
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

    /// Whether a process whose clock shows `now`, and that first sees the object now, finds it old.
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
    /// The holder in the record.
    pub fn holder(&mut self) -> Option<&mut Holder> {
        match self {
            Self::Of(holder, _) => Some(holder),
            Self::Never | Self::Before => None,
        }
    }
}

impl Claim {
    /// The record for a submission of this claim that was not accepted.
    pub fn record(self) -> Record {
        Record::Of(self.holder, self.at)
    }
}

/// Changes the stored object, if it still has this version. `None`: in any version.
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
