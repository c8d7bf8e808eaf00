//! What all replicas share: the API server, AWS Batch, the weather between, and one history.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::Instant;

use super::aws::Aws;
use super::dice::Dice;
use super::mutation::Mutation;
use super::rest::Rest;

/// How long a job may hide, as the operator is told.
pub const WINDOW: SignedDuration = SignedDuration::from_secs(60);

/// How bad the networks are until the weather clears, in percent of the calls, and how long jobs hide.
#[derive(Clone, Debug)]
pub struct Weather {
    pub clears_after: Duration,
    pub api_trouble: u64,
    pub aws_trouble: u64,
    /// Status writes are refused in this time.
    pub status_refused: (Duration, Duration),
    /// Whether replicas elect a leader; without, each believes that it leads.
    pub has_lease: bool,
    /// The longest time that a job hides from reads.
    pub lag: Duration,
    /// Whether jobs may hide longer than the operator is told.
    pub breaks_the_window: bool,
    /// Whether people use all that a BatchJob can do.
    pub is_wide: bool,
    /// What people lay hands on that is the operator's.
    pub tampering: Option<Tampering>,
}

/// What is the operator's, and changed by others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tampering {
    Claims,
    Statuses,
}

/// The world of one run.
#[derive(Debug)]
pub struct World {
    pub weather: Weather,
    pub mutation: Option<Mutation>,
    rest: Mutex<Rest>,
    aws: Mutex<Aws>,
    dice: Mutex<Dice>,
    begun: Instant,
    written: watch::Sender<usize>,
    is_shut: watch::Sender<bool>,
    killed_at: Mutex<Timestamp>,
    history: Option<Mutex<Vec<String>>>,
    broken: Mutex<Vec<String>>,
}

impl World {
    pub fn new(dice: Dice, weather: Weather, mutation: Option<Mutation>, with_history: bool) -> Arc<Self> {
        Arc::new(Self {
            weather,
            mutation,
            rest: Mutex::default(),
            aws: Mutex::default(),
            dice: Mutex::new(dice),
            begun: Instant::now(),
            written: watch::Sender::new(0),
            is_shut: watch::Sender::new(false),
            killed_at: Mutex::default(),
            history: with_history.then(Mutex::default),
            broken: Mutex::default(),
        })
    }

    /// The true time.
    pub fn now(&self) -> Timestamp {
        at(self.elapsed())
    }

    /// When the weather clears.
    pub fn clears_at(&self) -> Timestamp {
        at(self.weather.clears_after)
    }

    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// When it will be `at`.
    pub fn instant_of(&self, at: Timestamp) -> Instant {
        Instant::now() + Duration::try_from(at.duration_since(self.now())).unwrap_or_default()
    }

    pub fn has_cleared(&self) -> bool {
        self.elapsed() >= self.weather.clears_after
    }

    pub fn roll<T>(&self, roll: impl FnOnce(&mut Dice) -> T) -> T {
        roll(&mut self.dice.lock().unwrap())
    }

    /// AWS Batch as it is now.
    pub fn aws(&self) -> MutexGuard<'_, Aws> {
        let mut aws = self.aws.lock().unwrap();
        aws.advance(self.now());
        aws
    }

    /// Looks at the API server, or changes it; who watches is told.
    pub fn rest<T>(&self, act: impl FnOnce(&mut Rest) -> T) -> T {
        let mut rest = self.rest.lock().unwrap();
        let outcome = act(&mut rest);
        let length = rest.store.log().len();
        self.written.send_if_modified(|seen| std::mem::replace(seen, length) != length);
        outcome
    }

    pub fn watch(&self) -> watch::Receiver<usize> {
        self.written.subscribe()
    }

    /// The administrator stops all replicas, or starts them again.
    pub fn shut(&self, is_shut: bool) {
        self.is_shut.send_replace(is_shut);
    }

    /// Resolves when the replicas are stopped, resp. may run.
    pub async fn until_shut(&self, is_shut: bool) {
        self.is_shut.subscribe().wait_for(|now| *now == is_shut).await.unwrap();
    }

    /// A process is killed, now.
    pub fn kills(&self) {
        *self.killed_at.lock().unwrap() = self.now();
    }

    /// When a process was killed last.
    pub fn killed_at(&self) -> Timestamp {
        *self.killed_at.lock().unwrap()
    }

    /// One line of the history, made only when it is kept.
    pub fn note(&self, line: impl FnOnce() -> String) {
        if let Some(history) = &self.history {
            let at = self.elapsed();
            history.lock().unwrap().push(format!("{:>9.3} {}", at.as_secs_f64(), line()));
        }
    }

    /// A promise is broken.
    pub fn broken(&self, promise: String) {
        self.note(|| format!("BROKEN: {promise}"));
        self.broken.lock().unwrap().push(promise);
    }

    pub fn verdict(&self) -> Vec<String> {
        self.broken.lock().unwrap().clone()
    }

    pub fn history(&self) -> Vec<String> {
        self.history.as_ref().map(|history| history.lock().unwrap().clone()).unwrap_or_default()
    }
}

/// 2026-11-24T12:00:00Z.
const NOON: Timestamp = Timestamp::constant(1_795_521_600, 0);

/// The true time that long after the beginning.
fn at(elapsed: Duration) -> Timestamp {
    NOON + SignedDuration::try_from(elapsed).unwrap()
}
