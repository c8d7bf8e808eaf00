//! The state that all replicas share: the API server, AWS Batch, the weather, and one history.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use aws_batch_operator::tracker::Listing;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::aws::Aws;
use super::conditions::{Condition, Conditions};
use super::dice::Dice;
use super::job::Job;
use super::mutation::Mutation;
use super::rest::Rest;

/// The visibility window that the operator is given.
pub const WINDOW: SignedDuration = SignedDuration::from_secs(60);

/// The troubles of the networks until the weather clears, in percent of the calls, and the lag of reads.
#[derive(Clone, Debug)]
pub struct Weather {
    pub clears_after: Duration,
    pub api_trouble: u64,
    pub aws_trouble: u64,
    /// Status writes are refused in this time.
    pub status_refused: (Duration, Duration),
    /// Whether replicas elect a leader. Otherwise each replica believes that it leads.
    pub has_lease: bool,
    /// The longest time for which a job is hidden from reads.
    pub lag: Duration,
    /// Whether jobs may be hidden longer than the window.
    pub breaks_the_window: bool,
    /// Whether users use all features of a BatchJob.
    pub is_wide: bool,
    /// When jobs are followed by lists of their queue.
    pub listing: Listing,
    /// Which data of the operator users change.
    pub tampering: Option<Tampering>,
    /// The other troubles of this world.
    pub conditions: Conditions,
}

/// The operator's data that users change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tampering {
    Claims,
    Statuses,
    /// Users write ids of jobs into statuses and ask to adopt them: of other owners' jobs, and of no job.
    JobIds,
}

/// A replace of an object by its manifest.
#[derive(Clone, Debug)]
pub struct Put {
    pub at: Timestamp,
    pub uid: String,
    /// Whether the replace removed a claim that no status records.
    pub took_a_secret: bool,
}

/// The world of one run.
#[derive(Debug)]
pub struct World {
    pub weather: Weather,
    pub mutation: Option<Mutation>,
    rest: Mutex<Rest>,
    /// The accounts of AWS: ours, and another.
    accounts: [Mutex<Aws>; 2],
    /// The account of a process that starts now.
    account: AtomicUsize,
    dice: Mutex<Dice>,
    begun: Instant,
    written: watch::Sender<usize>,
    is_shut: AtomicBool,
    /// `Notify` wakes in the order of the waiters; a `watch` would use a random order of its own.
    is_shut_changed: Notify,
    killed_at: Mutex<Timestamp>,
    /// The replaces, with their times and objects.
    puts: Mutex<Vec<Put>>,
    reached: Mutex<BTreeSet<&'static str>>,
    history: Option<Mutex<Vec<String>>>,
    broken: Mutex<Vec<String>>,
}

impl World {
    pub fn new(dice: Dice, weather: Weather, mutation: Option<Mutation>, with_history: bool) -> Arc<Self> {
        Arc::new(Self {
            weather,
            mutation,
            rest: Mutex::default(),
            accounts: [Mutex::new(Aws::new("aaaaaaaa")), Mutex::new(Aws::new("bbbbbbbb"))],
            account: AtomicUsize::default(),
            dice: Mutex::new(dice),
            begun: Instant::now(),
            written: watch::Sender::new(0),
            is_shut: AtomicBool::new(false),
            is_shut_changed: Notify::new(),
            killed_at: Mutex::default(),
            puts: Mutex::default(),
            reached: Mutex::default(),
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

    /// The instant of the true time `at`.
    pub fn instant_of(&self, at: Timestamp) -> Instant {
        Instant::now() + Duration::try_from(at.duration_since(self.now())).unwrap_or_default()
    }

    pub fn has_cleared(&self) -> bool {
        self.elapsed() >= self.weather.clears_after
    }

    pub fn roll<T>(&self, roll: impl FnOnce(&mut Dice) -> T) -> T {
        roll(&mut self.dice.lock().unwrap())
    }

    /// Whether the condition holds now.
    pub fn has(&self, condition: Condition) -> bool {
        self.weather.conditions.holds(condition, self.elapsed())
    }

    /// AWS Batch in our account, as it is now.
    pub fn aws(&self) -> MutexGuard<'_, Aws> {
        self.aws_of(0)
    }

    /// AWS Batch in the given account, as it is now.
    pub fn aws_of(&self, account: usize) -> MutexGuard<'_, Aws> {
        let mut aws = self.accounts[account].lock().unwrap();
        aws.advance(self.now());
        aws
    }

    /// The jobs of all accounts.
    pub fn jobs(&self) -> Vec<Job> {
        (0..self.accounts.len()).flat_map(|account| self.aws_of(account).jobs.clone()).collect()
    }

    /// The account of processes that start now.
    pub fn account(&self) -> usize {
        self.account.load(Ordering::SeqCst)
    }

    /// Processes that start from now on work in this account.
    pub fn move_to(&self, account: usize) {
        self.account.store(account, Ordering::SeqCst);
    }

    /// Reads or changes the API server, and notifies the watches.
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
        self.is_shut.store(is_shut, Ordering::SeqCst);
        self.is_shut_changed.notify_waiters();
    }

    /// Resolves when the replicas are stopped (`true`), or may run.
    pub async fn until_shut(&self, is_shut: bool) {
        loop {
            let changed = self.is_shut_changed.notified();
            if self.is_shut.load(Ordering::SeqCst) == is_shut {
                return;
            }
            changed.await;
        }
    }

    /// Notes that a process is killed now.
    pub fn kills(&self) {
        *self.killed_at.lock().unwrap() = self.now();
    }

    /// When the last process was killed.
    pub fn killed_at(&self) -> Timestamp {
        *self.killed_at.lock().unwrap()
    }

    /// Notes a replace of an object by its manifest.
    pub fn put(&self, put: Put) {
        self.puts.lock().unwrap().push(put);
    }

    pub fn puts(&self) -> Vec<Put> {
        self.puts.lock().unwrap().clone()
    }

    /// Notes an event, to show that this case is reached.
    pub fn reach(&self, what: &'static str) {
        self.reached.lock().unwrap().insert(what);
    }

    pub fn reached(&self) -> BTreeSet<&'static str> {
        self.reached.lock().unwrap().clone()
    }

    /// Adds a line to the history, if the history is kept.
    pub fn note(&self, line: impl FnOnce() -> String) {
        if let Some(history) = &self.history {
            let at = self.elapsed();
            history.lock().unwrap().push(format!("{:>9.3} {}", at.as_secs_f64(), line()));
        }
    }

    /// Notes a broken promise.
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

/// The true time this long after the start.
fn at(elapsed: Duration) -> Timestamp {
    NOON + SignedDuration::try_from(elapsed).unwrap()
}
