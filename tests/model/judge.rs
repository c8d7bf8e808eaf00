//! The judge of a state. The judge looks at AWS and at the API server, never at the knowledge of a process.

use super::jobs::Life;
use super::promises::Promise;
use super::rules::Rules;
use super::world::World;

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
