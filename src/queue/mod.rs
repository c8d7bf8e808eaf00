//! Which object sends next. An object joins the submission queue and is woken when it may send. No task sleeps for a
//! turn, and nothing waits between a claim and its send.

mod turns;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::sleep_until;

pub use turns::Turns;

use crate::clock;
use crate::key::Key;
use crate::plan::Turn;

/// The submission queue of one target (an AWS account and Region). Cheap to clone.
#[derive(Clone, Debug)]
pub struct SubmissionQueue {
    turns: Arc<Mutex<Turns>>,
    changed: Arc<Notify>,
}

impl SubmissionQueue {
    /// A queue that lets `rate` objects send each second. No object gets a turn until [`SubmissionQueue::run`] runs.
    pub fn new(rate: u32) -> Self {
        Self { turns: Arc::new(Mutex::new(Turns::new(rate, clock::instant()))), changed: Arc::default() }
    }

    /// The place of `key`.
    pub fn turn(&self, key: &Key) -> Turn {
        self.turns().turn(key)
    }

    pub fn join(&self, key: Key) {
        self.turns().join(key);
        self.changed.notify_one();
    }

    /// Leaves the queue, or gives a turn back.
    pub fn leave(&self, key: &Key) {
        self.turns().leave(key);
    }

    /// Uses the turn of `key`: the request is sent now.
    pub fn spend(&self, key: &Key) {
        self.turns().spend(key, clock::instant());
        self.changed.notify_one();
    }

    pub fn slow_down(&self) {
        self.turns().slow_down(clock::instant());
    }

    /// Grants turns for ever; `wake` gets each object with a turn.
    pub async fn run(&self, wake: impl Fn(&Key)) {
        loop {
            let next = {
                let mut turns = self.turns();
                let now = clock::instant();
                while let Some(key) = turns.grant(now) {
                    wake(&key);
                }
                turns.next_at(now)
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

    fn turns(&self) -> MutexGuard<'_, Turns> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
