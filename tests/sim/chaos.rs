//! What befalls the replicas: they are killed and started again, stopped, cut off, and shown old views.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::sleep;

use super::link::{Link, Process, Trouble};
use super::replica;
use super::user;
use super::world::World;

/// One replica's place: a process after the other. Once the weather has cleared, the last one stays.
pub async fn keep_running(world: Arc<World>, place: usize, troubles: u64) {
    let mut generation = 0;
    let mut identity = format!("operator-{place}");
    loop {
        let skew = world.roll(|dice| dice.seconds(0, 120).as_secs().cast_signed()) - 60;
        let link = Link::new(&identity, SignedDuration::from_secs(skew));
        world.note(|| format!("{identity}: starts, its clock {skew:+} s"));
        let process = tokio::spawn(Process::new(link.clone(), replica::run(world.clone(), link.clone())));
        tokio::select! {
            biased;
            () = world.until_shut(true) => {}
            () = torment(&world, &link, troubles) => {}
        }
        link.die();
        process.abort();
        world.kills();
        world.note(|| format!("{identity}: is killed"));
        world.until_shut(false).await;
        sleep(world.roll(|dice| dice.millis(0, 60_000))).await;
        // Some are started again under their own name, others get a new one.
        if world.roll(|dice| dice.percent(50)) {
            generation += 1;
            identity = format!("operator-{place}-{generation}");
        }
    }
}

/// Troubles one process, until it is to be killed.
async fn torment(world: &World, link: &Link, troubles: u64) {
    loop {
        let pause =
            world.roll(|dice| if dice.percent(40) { dice.millis(0, 3_000) } else { dice.seconds(3, 400) });
        sleep(pause).await;
        if world.has_cleared() {
            return std::future::pending().await;
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

/// Restores a backup that is some minutes old, as docs/guarantees.md says: with all replicas stopped, and no request of
/// theirs on its way any more.
pub async fn restore_once(world: Arc<World>) {
    sleep(world.roll(|dice| dice.seconds(120, 600))).await;
    let backup = world.rest(|rest| rest.store.objects().clone());
    sleep(world.roll(|dice| dice.seconds(1, 540))).await;
    world.shut(true);
    sleep(Duration::from_mins(6)).await;
    user::restore(&world, backup);
    world.shut(false);
}

/// Jobs of other people that bear the same names.
pub async fn strangers(world: Arc<World>, names: Vec<String>) {
    for _ in 0..world.roll(|dice| dice.below(4)) {
        sleep(world.roll(|dice| dice.seconds(0, 300))).await;
        let name = world.roll(|dice| dice.pick(&names).clone());
        world.roll(|dice| world.aws().stranger(&name, world.now(), dice));
    }
    sleep(Duration::ZERO).await;
}
