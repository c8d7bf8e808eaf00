//! Limits the writes of one namespace at a time. The limit is half of all passes, so that other namespaces find a free
//! pass. It is lower while the API server is slow. The write of an object of a megabyte costs the API server up to a
//! second of work, even after the client has given up.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;

use super::Error;
use super::wake::Wake;
use crate::clock;
use crate::fair::FairKeys;
use crate::key::Key;
use crate::plan::Urgency;

/// A write that takes longer is a sign of too many writes.
const SLOW: Duration = Duration::from_secs(1);

/// A namespace starts with the limit divided by this. Slow answers never push it below, since a webhook may delay each
/// write. Timeouts push it down to one write.
const BEGIN: usize = 4;

/// The writes of all namespaces.
pub struct Writes {
    most: usize,
    wake: Wake,
    namespaces: Mutex<HashMap<String, Share>>,
}

struct Share {
    under_way: usize,
    allowed: usize,
    waiting: FairKeys,
    /// The objects whose writes yield to those of the waiting objects.
    yielding: FairKeys,
}

impl Share {
    fn has_place(&self, urgency: Urgency) -> bool {
        let is_free = self.under_way < self.allowed;
        match urgency {
            Urgency::AtOnce => true,
            Urgency::Waits => is_free,
            // With no write under way, nobody would wake an object that yields.
            Urgency::Yields => is_free && (self.waiting.is_empty() || self.under_way == 0),
        }
    }

    /// An object that waits already keeps its place.
    fn wait(&mut self, key: &Key, urgency: Urgency) {
        let (queue, other) = match urgency {
            Urgency::Yields => (&mut self.yielding, &mut self.waiting),
            Urgency::AtOnce | Urgency::Waits => (&mut self.waiting, &mut self.yielding),
        };
        other.leave(key);
        queue.join(key.clone());
    }

    fn leave(&mut self, key: &Key) {
        self.waiting.leave(key);
        self.yielding.leave(key);
    }

    fn pop(&mut self) -> Option<Key> {
        self.waiting.pop().or_else(|| self.yielding.pop())
    }

    fn is_idle(&self) -> bool {
        self.under_way == 0 && self.waiting.is_empty() && self.yielding.is_empty()
    }
}

impl Writes {
    /// `passes` is the number of reconciles at the same time. `wake` wakes an object that may write now.
    pub fn new(passes: u16, wake: Wake) -> Self {
        Self { most: usize::from(passes / 2).max(1), wake, namespaces: Mutex::default() }
    }

    /// Makes one write of the object, or returns [`Error::Busy`] and wakes the object when a place is free.
    pub fn make<'a, T: Send>(
        &'a self,
        key: &'a Key,
        urgency: Urgency,
        write: impl Future<Output = Result<T, Error>> + Send + 'a,
    ) -> BoxFuture<'a, Result<T, Error>> {
        Box::pin(async move {
            let Some(mut place) = self.place(key, urgency) else { return Err(Error::Busy) };
            let begun = clock::instant();
            let outcome = write.await;
            place.answer = Some(match outcome {
                Err(Error::TimedOut(_)) => Answer::None,
                _ if clock::instant() - begun > SLOW => Answer::Slow,
                _ => Answer::InTime,
            });
            outcome
        })
    }

    fn place<'a>(&'a self, key: &'a Key, urgency: Urgency) -> Option<Place<'a>> {
        let mut namespaces = self.namespaces();
        let share = namespaces.entry(key.namespace.clone()).or_insert_with(|| Share {
            under_way: 0,
            allowed: self.begin(),
            waiting: FairKeys::default(),
            yielding: FairKeys::default(),
        });
        if !share.has_place(urgency) {
            share.wait(key, urgency);
            return None;
        }
        share.leave(key);
        share.under_way += 1;
        Some(Place { writes: self, namespace: &key.namespace, answer: None })
    }

    fn leave(&self, namespace: &str, answer: Option<Answer>) {
        let mut namespaces = self.namespaces();
        let Some(share) = namespaces.get_mut(namespace) else { return };
        share.under_way -= 1;
        let before = share.allowed;
        share.allowed = match answer {
            Some(Answer::InTime) => (share.allowed + 1).min(self.most),
            Some(Answer::Slow) => share.allowed.min((share.allowed / 2).max(self.begin())),
            Some(Answer::None) => (share.allowed / 2).max(1),
            None => share.allowed,
        };
        // The places that have become free since, and no more: those woken before are still on their way.
        let free = share.allowed.saturating_sub(share.under_way);
        for _ in 0..free.min(1 + share.allowed.saturating_sub(before)) {
            let Some(key) = share.pop() else { break };
            self.wake.wake(&key);
        }
        if share.is_idle() && share.allowed >= self.begin() {
            namespaces.remove(namespace);
        }
    }

    fn begin(&self) -> usize {
        self.most.div_ceil(BEGIN)
    }

    fn namespaces(&self) -> MutexGuard<'_, HashMap<String, Share>> {
        self.namespaces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone, Copy)]
enum Answer {
    InTime,
    Slow,
    None,
}

/// A place is released when it is dropped, also by a pass that panics.
struct Place<'a> {
    writes: &'a Writes,
    namespace: &'a str,
    answer: Option<Answer>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.writes.leave(self.namespace, self.answer);
    }
}
