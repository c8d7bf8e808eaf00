//! Who sends next. An object takes a place in the row and is woken when it may send: nobody sleeps for a turn, and
//! nothing waits between a claim and its send.

mod row;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::sleep_until;

pub use row::Row;

use crate::clock;
use crate::key::Key;
use crate::plan::Turn;

/// The row of one target (an AWS account and Region). Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pace {
    row: Arc<Mutex<Row>>,
    changed: Arc<Notify>,
}

impl Pace {
    /// A row that lets `rate` objects send each second. [`Pace::run`] must run for anyone to get a turn.
    pub fn new(rate: u32) -> Self {
        Self { row: Arc::new(Mutex::new(Row::new(rate, clock::instant()))), changed: Arc::default() }
    }

    /// Where `key` stands.
    pub fn turn(&self, key: &Key) -> Turn {
        self.row().turn(key)
    }

    /// Gets in the row.
    pub fn join(&self, key: Key) {
        self.row().join(key);
        self.changed.notify_one();
    }

    /// Leaves the row, or gives a turn back.
    pub fn leave(&self, key: &Key) {
        self.row().leave(key);
    }

    /// The request of `key` goes out now.
    pub fn spend(&self, key: &Key) {
        self.row().spend(key, clock::instant());
        self.changed.notify_one();
    }

    /// AWS said 429.
    pub fn slow_down(&self) {
        self.row().slow_down(clock::instant());
    }

    /// Hands out turns for ever; `wake` is told of each.
    pub async fn run(&self, wake: impl Fn(&Key)) {
        loop {
            let next = {
                let mut row = self.row();
                let now = clock::instant();
                while let Some(key) = row.grant(now) {
                    wake(&key);
                }
                row.next_at(now)
            };
            match next {
                Some(at) => tokio::select! {
                    () = sleep_until(at) => {}
                    () = self.changed.notified() => {}
                },
                None => self.changed.notified().await,
            }
        }
    }

    fn row(&self) -> MutexGuard<'_, Row> {
        self.row.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
