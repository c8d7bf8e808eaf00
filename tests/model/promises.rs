//! The promises that hold in every state, judged by AWS and the API server, never by the knowledge of a process.

use super::aws::Life;
use super::rules::Rules;
use super::world::World;

/// One promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Promise {
    /// AWS never has two jobs of the object, if no job is hidden longer than the window.
    OneJob,
    /// A job that was hidden longer is ended, unless the object is removed.
    OneJobGoesOn,
    /// No SubmitJob is sent before a claim was written for it.
    ClaimedFirst,
    /// An object that names its job is never claimed again.
    RecordedIsEnough,
    /// The status names a job of the object.
    OwnJob,
    /// When the object is removed, each of its jobs has ended or has been asked to end.
    NoneAfterDeletion,
    /// When nothing is left to do, an object whose job runs has our finalizer.
    Held,
    /// Without more faults, the object ends and is released.
    Settles,
}

/// The promise that this state breaks.
pub fn broken(world: &World, rules: &Rules) -> Option<Promise> {
    let going_on = world.jobs.iter().filter(|job| job.life == Life::Running).count();
    let named = world.object.and_then(|object| object.status.job);
    let checks = [
        (world.broken.is_none(), world.broken),
        (rules.breaks_the_window() || world.jobs.len() <= 1, Some(Promise::OneJob)),
        (named.is_none_or(|id| usize::from(id) < world.jobs.len()), Some(Promise::OwnJob)),
        (
            world.object.is_some() || rules.breaks_the_window() || going_on == 0,
            Some(Promise::NoneAfterDeletion),
        ),
        (world.object.is_none() || !world.has_settled() || going_on == 0, Some(Promise::OneJobGoesOn)),
    ];
    checks.into_iter().find(|(holds, _)| !holds).and_then(|(_, promise)| promise)
}
