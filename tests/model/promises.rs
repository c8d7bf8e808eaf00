//! What must hold in every state, judged from AWS's side and from the API server's, never by what a process believes.

use super::aws::Life;
use super::rules::Rules;
use super::world::World;

/// One promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Promise {
    /// AWS never has two jobs of the object, where no job hides longer than the operator is told.
    OneJob,
    /// What hid longer is ended, unless the object is gone.
    OneJobGoesOn,
    /// No SubmitJob leaves without a claim on the object that was written for it.
    ClaimedFirst,
    /// An object that names its job is never claimed again.
    RecordedIsEnough,
    /// The status names a job of the object.
    OwnJob,
    /// When the object is gone, each of its jobs has ended or was asked to.
    NoneAfterDeletion,
    /// When nobody has anything left to do, an object whose job runs bears our finalizer.
    Held,
    /// When no more faults happen, the object comes to its end and is let go.
    Settles,
}

/// The promise that is broken in this state.
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
