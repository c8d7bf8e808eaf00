//! One run: a seed makes a world, the world runs until it has settled, and the oracle judges it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_batch_operator::tracker::Listing;
use jiff::SignedDuration;
use tokio::time::sleep;

use super::chaos;
use super::conditions::{Condition, Conditions};
use super::dice::Dice;
use super::doubts;
use super::features;
use super::mutation::Mutation;
use super::oracle;
use super::sdk::Account;
use super::user;
use super::walk;
use super::world::{Tampering, Weather, World};

/// The time to settle after the weather has cleared. Three jobs that wait for each other may take hours.
const PATIENCE: Duration = Duration::from_hours(6);

/// The number of objects of a crowd.
const CROWD: u64 = 20;

/// Queues are listed, whatever the list costs, for two searches too.
const ALWAYS: Listing = Listing { fewest: 1, pages_for_a_describe: 1_000, fewest_searches: 2 };

/// Derives a random sequence for the conditions from a seed.
const CONDITIONS: u64 = 0x9d5c_17b6_0c3e_a241;

/// What to run.
pub struct Run {
    pub seed: u64,
    pub mutation: Option<Mutation>,
    pub with_history: bool,
}

/// The AWS Batch of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// The simulation's own, behind the port: fast, and with all features of a BatchJob.
    Short,
    /// The double, behind the real client.
    Double,
}

/// The result of a run.
pub struct Outcome {
    pub broken: Vec<String>,
    pub reached: BTreeSet<String>,
    pub history: Vec<String>,
}

impl Run {
    pub fn go(&self) -> Outcome {
        self.go_with(Service::Short)
    }

    pub fn go_with(&self, service: Service) -> Outcome {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(self.live(service))
    }

    async fn live(&self, service: Service) -> Outcome {
        let mut dice = Dice::new(self.seed);
        let weather = weather(&mut dice, self.seed, service);
        let (replicas, objects) = (1 + dice.below(3), 1 + dice.below(3));
        let (troubles, is_restored, has_strangers) = (dice.below(90), dice.percent(10), dice.percent(30));
        let world = World::new(dice, weather, self.mutation, self.with_history);
        let conditions = world.weather.conditions.clone();
        world.note(|| format!("seed {}: {replicas} replicas, {:?}", self.seed, world.weather));
        furnish(&world);
        if service == Service::Double {
            world.aws().account = Some(Arc::new(Account::new(world.now())));
        }
        for place in 0..replicas {
            tokio::spawn(chaos::keep_running(world.clone(), usize::try_from(place).unwrap(), troubles));
        }
        let objects = if conditions.has(Condition::Crowd) { CROWD } else { objects };
        let names: Vec<String> =
            ('a'..='z').take(usize::try_from(objects).unwrap()).map(String::from).collect();
        let people: Vec<_> =
            names.iter().map(|name| tokio::spawn(user::work_on(world.clone(), name.clone()))).collect();
        if names.len() == usize::try_from(CROWD).unwrap() {
            world.reach("twenty objects");
        }
        if has_strangers || conditions.has(Condition::UntoldStrangers) {
            tokio::spawn(chaos::strangers(world.clone(), names));
        }
        befall(&world, is_restored).await;
        for person in people {
            person.await.unwrap();
        }
        sleep(Duration::from_mins(5)).await;
        if conditions.has(Condition::Days) {
            sleep(world.roll(|dice| dice.seconds(26 * 3600, 60 * 3600))).await;
        }
        user::resume_all(&world);
        if conditions.has(Condition::Manifests) {
            user::put_and_delete(&world).await;
        }
        settle(&world).await;
        oracle::judge(&world);
        doubts::judge(&world);
        features::judge(&world);
        let reached = features::reached(&world);
        Outcome { broken: world.verdict(), reached, history: world.history() }
    }
}

/// Sets up AWS for this world.
fn furnish(world: &World) {
    let conditions = &world.weather.conditions;
    for account in 0..2 {
        let mut aws = world.aws_of(account);
        if world.weather.breaks_the_window {
            // A hidden job must not end before the second search.
            aws.shortest = Duration::from_hours(1);
        }
        if conditions.has(Condition::Manifests) {
            // The job of an object that loses its finalizer must not end before the finalizer is added again.
            aws.shortest = Duration::from_mins(45);
        }
        aws.is_crowded = world.weather.is_wide;
        aws.has_days = conditions.has(Condition::Days);
        if conditions.has(Condition::SteppingClocks) {
            aws.clock = SignedDuration::from_secs(world.roll(|dice| dice.below(11)).cast_signed() - 5);
        }
    }
}

/// The actions of administrators, and those of AWS by itself.
async fn befall(world: &Arc<World>, is_restored: bool) {
    let weather = &world.weather;
    tokio::spawn(chaos::remove_queue(world.clone()));
    let moves = weather.conditions.has(Condition::AnotherAccount);
    if moves {
        chaos::move_away_and_back(world.clone()).await;
    }
    // A restore may remove the record of a pending second search: docs/guarantees.md.
    if is_restored && !weather.breaks_the_window && !moves {
        chaos::restore_once(world.clone()).await;
    } else if weather.is_wide && !weather.breaks_the_window && weather.tampering.is_none() {
        tokio::spawn(walk::forget(world.clone()));
    }
}

/// Waits until the world has settled.
async fn settle(world: &World) {
    let deadline = world.weather.clears_after.max(world.elapsed()) + patience(world);
    // 24 rounds are longer than any process is stopped: such a process reads everything again afterwards.
    let mut settled = 0;
    while settled < 24 && world.elapsed() < deadline {
        sleep(Duration::from_secs(30)).await;
        settled = if oracle::has_settled(world) { settled + 1 } else { 0 };
    }
}

/// The time to settle after the weather has cleared.
fn patience(world: &World) -> Duration {
    if world.weather.conditions.has(Condition::Days) { 16 * PATIENCE } else { PATIENCE }
}

fn weather(dice: &mut Dice, seed: u64, service: Service) -> Weather {
    let is_wide = seed % 2 == 1 && service == Service::Short;
    let (breaks_the_window, has_lease) = (dice.percent(15), dice.percent(60));
    // Without a lease, a removed claim may belong to another process whose request is on its way: docs/guarantees.md.
    let may_tamper = is_wide && has_lease && !breaks_the_window;
    let refused_from = dice.seconds(0, 600);
    let refused_for = if dice.percent(30) { Duration::from_mins(1) } else { Duration::ZERO };
    let mut weather = Weather {
        has_lease,
        clears_after: dice.seconds(300, 1500),
        api_trouble: *dice.pick(&[0, 0, 5, 20]),
        aws_trouble: *dice.pick(&[0, 10, 30, 60]),
        status_refused: (refused_from, refused_from + refused_for),
        // Within the window, even with a request that is twenty seconds late.
        lag: if breaks_the_window {
            Duration::from_secs(200)
        } else {
            *dice.pick(&[Duration::ZERO, Duration::from_secs(38)])
        },
        breaks_the_window,
        is_wide,
        listing: if seed % 4 >= 2 { ALWAYS } else { Listing::USUAL },
        tampering: match dice.below(6) {
            0 if may_tamper => Some(Tampering::Claims),
            1 if may_tamper => Some(Tampering::Statuses),
            2 if may_tamper => Some(Tampering::JobIds),
            _ => None,
        },
        conditions: Conditions::default(),
    };
    // The double and its network have other troubles.
    if !weather.breaks_the_window && service == Service::Short {
        weather.conditions = Conditions::choose(&mut Dice::new(seed ^ CONDITIONS));
    }
    if weather.tampering.is_some() {
        // Together these conditions would remove every trace of a request, or of its account.
        weather.conditions =
            weather.conditions.without(Condition::Manifests).without(Condition::AnotherAccount);
    }
    if weather.conditions.has(Condition::OldReads) {
        weather.lag = weather.lag.min(Duration::from_secs(15));
    }
    weather.clears_after = weather.clears_after.max(weather.conditions.end());
    weather
}

/// The first of these seeds with a broken world.
pub fn first_broken(seeds: Range<u64>, mutation: Option<Mutation>) -> Option<u64> {
    first_broken_at(Service::Short, seeds, mutation)
}

/// Like `first_broken`, with a chosen service.
pub fn first_broken_at(service: Service, seeds: Range<u64>, mutation: Option<Mutation>) -> Option<u64> {
    let (next, broken) = (AtomicU64::new(seeds.start), AtomicU64::new(u64::MAX));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next_seed(&next);
                    if seed >= seeds.end || seed > broken.load(Ordering::SeqCst) {
                        break;
                    }
                    let run = Run { seed, mutation, with_history: false };
                    if !run.go_with(service).broken.is_empty() {
                        broken.fetch_min(seed, Ordering::SeqCst);
                    }
                }
            });
        }
    });
    Some(broken.into_inner()).filter(|seed| *seed != u64::MAX)
}

/// The next seed. Prints the progress of a long search.
fn next_seed(next: &AtomicU64) -> u64 {
    let seed = next.fetch_add(1, Ordering::SeqCst);
    if seed > 0 && seed.is_multiple_of(5_000) {
        println!("world {seed}");
    }
    seed
}

/// Calls `name` for each broken world when it is found, with its first broken promise.
pub fn name_broken(seeds: Range<u64>, name: impl Fn(u64, &str) + Sync) {
    let next = AtomicU64::new(seeds.start);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next_seed(&next);
                    if seed >= seeds.end {
                        break;
                    }
                    let outcome = Run { seed, mutation: None, with_history: false }.go();
                    if let Some(promise) = outcome.broken.first() {
                        name(seed, promise);
                    }
                }
            });
        }
    });
}
