//! The faults of the replicas: they are killed and started again, stopped, disconnected, and shown old views.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::sleep;

use super::conditions::Condition;
use super::link::{Link, Process, Trouble};
use super::replica;
use super::user;
use super::world::World;

/// The largest error of a clock.
const CLOCKS: SignedDuration = SignedDuration::from_secs(60);

/// One replica: one process after another. Once the weather has cleared, the last process stays.
pub async fn keep_running(world: Arc<World>, place: usize, troubles: u64) {
    let mut generation = 0;
    let mut identity = format!("operator-{place}");
    loop {
        let skew = world.roll(|dice| dice.seconds(0, 120).as_secs().cast_signed()) - 60;
        let account = world.account();
        let link = Link::new(&identity, SignedDuration::from_secs(skew), account);
        world.note(|| format!("{identity}: starts, its clock {skew:+} s, its account {account}"));
        let process = tokio::spawn(Process::new(link.clone(), replica::run(world.clone(), link.clone())));
        tokio::select! {
            biased;
            () = world.until_shut(true) => {}
            () = torment(&world, &link, troubles) => {}
            () = step_clocks(&world, &link) => {}
        }
        link.die();
        process.abort();
        world.kills();
        world.note(|| format!("{identity}: is killed"));
        world.until_shut(false).await;
        sleep(world.roll(|dice| dice.millis(0, 60_000))).await;
        // Some processes start again under their own name, others get a new one.
        if world.roll(|dice| dice.percent(50)) {
            generation += 1;
            identity = format!("operator-{place}-{generation}");
        }
    }
}

/// Troubles one process until it is killed.
async fn torment(world: &World, link: &Link, troubles: u64) {
    loop {
        let pause =
            world.roll(|dice| if dice.percent(40) { dice.millis(0, 3_000) } else { dice.seconds(3, 400) });
        sleep(pause).await;
        if world.has_cleared() {
            return replaced_now_and_then(world).await;
        }
        if !world.roll(|dice| dice.percent(troubles)) {
            continue;
        }
        let (trouble, most) = match world.roll(|dice| dice.below(5)) {
            0 => return,
            1 => (Trouble::Stopped, 600),
            2 => (Trouble::NoApi, 200),
            3 => (Trouble::NoAws, 200),
            _ => (Trouble::Stale, 200),
        };
        let length = world.roll(|dice| dice.seconds(1, most));
        world.note(|| format!("{}: {trouble:?} for {} s", link.identity, length.as_secs()));
        link.trouble(trouble, length);
    }
}

/// Steps the clock of one process, while the weather is bad.
async fn step_clocks(world: &World, link: &Link) {
    while world.weather.conditions.has(Condition::SteppingClocks) && !world.has_cleared() {
        sleep(world.roll(|dice| dice.seconds(1, 300))).await;
        let most = u64::try_from(CLOCKS.as_secs()).unwrap();
        let skew = world.roll(|dice| match dice.below(3) {
            0 => CLOCKS,
            1 => -CLOCKS,
            _ => SignedDuration::try_from(dice.seconds(0, 2 * most)).unwrap() - CLOCKS,
        });
        world.note(|| format!("{}: its clock steps to {:+} s", link.identity, skew.as_secs()));
        world.reach("a clock that steps");
        link.step_clock(skew);
    }
    std::future::pending::<()>().await;
}

/// In good weather a process is only replaced after hours, in a world of days.
async fn replaced_now_and_then(world: &World) {
    while world.weather.conditions.has(Condition::Days) {
        sleep(world.roll(|dice| dice.seconds(3_600, 72_000))).await;
        if world.roll(|dice| dice.percent(30)) {
            return;
        }
    }
    std::future::pending::<()>().await;
}

/// Removes the queue, if this world has that condition.
pub async fn remove_queue(world: Arc<World>) {
    let Some((from, _)) = world.weather.conditions.span(Condition::QueueGone) else { return };
    sleep(from).await;
    world.note(|| "admin: the queue is removed".to_owned());
    for account in 0..2 {
        world.aws_of(account).remove_queue(world.now());
    }
}

/// Stops all replicas and starts them in another account, and later in their own.
pub async fn move_away_and_back(world: Arc<World>) {
    let Some((from, to)) = world.weather.conditions.span(Condition::AnotherAccount) else { return };
    for (at, account) in [(from, 1), (to, 0)] {
        sleep(at.saturating_sub(world.elapsed())).await;
        world.note(|| format!("admin: all replicas move to account {account}"));
        world.shut(true);
        sleep(world.roll(|dice| dice.seconds(1, 60))).await;
        world.move_to(account);
        world.shut(false);
    }
    world.reach("another account");
}

/// Restores a backup that is some minutes old, as docs/guarantees.md demands: all replicas are stopped, and none of
/// their requests is on its way.
pub async fn restore_once(world: Arc<World>) {
    sleep(world.roll(|dice| dice.seconds(120, 600))).await;
    let backup = world.rest(|rest| rest.store.objects().clone());
    sleep(world.roll(|dice| dice.seconds(1, 540))).await;
    world.shut(true);
    sleep(Duration::from_mins(6)).await;
    user::restore(&world, backup);
    world.shut(false);
}

/// Jobs of other owners with the same names.
pub async fn strangers(world: Arc<World>, names: Vec<String>) {
    for _ in 0..world.roll(|dice| dice.below(4)) {
        sleep(world.roll(|dice| dice.seconds(0, 300))).await;
        let name = world.roll(|dice| dice.pick(&names).clone());
        let id = world.roll(|dice| world.aws().stranger(&name, world.now(), dice));
        if world.weather.conditions.has(Condition::UntoldStrangers) {
            world.reach("a stranger's job that is not told of for an hour");
            let told_at = world.now() + SignedDuration::from_hours(1);
            let mut aws = world.aws();
            aws.jobs.iter_mut().filter(|job| job.id == id).for_each(|job| job.shows.described = told_at);
        }
    }
    sleep(Duration::ZERO).await;
}
