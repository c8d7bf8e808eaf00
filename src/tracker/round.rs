//! The jobs of a round that wait for a look: all that AWS has ever described. Those of large queues are listed, and only
//! what has moved is described. Rounds start at least one poll interval apart. Pure.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::followed::All;
use super::survey::{List, Listed};
use super::surveys::{Listing, Surveys};
use crate::aws::{DESCRIBE_MAX, Page};
use crate::job::FaultKind;
use crate::key::Key;

/// So many pages are read between two descriptions, unless these are full.
const PAGES_BETWEEN: usize = 4;

/// The present round.
#[derive(Debug)]
pub struct Round {
    interval: Duration,
    begun: Option<Instant>,
    pending: VecDeque<Arc<Key>>,
    surveys: Surveys,
    /// How many pages were read since the latest description.
    pages: usize,
}

impl Round {
    /// Rounds at least `interval` apart.
    pub fn new(interval: Duration, listing: Listing) -> Self {
        Self { interval, begun: None, pending: VecDeque::new(), surveys: Surveys::new(listing), pages: 0 }
    }

    /// When its next call is due.
    pub fn due(&self, now: Instant) -> Instant {
        if !self.pending.is_empty() || self.surveys.is_underway() {
            return now;
        }
        self.begun.map_or(now, |begun| begun + self.interval)
    }

    /// Begins a round if the last one has ended and the next one is due.
    pub fn begin(&mut self, followed: &All, now: Instant) {
        let is_over = self.pending.is_empty() && !self.surveys.is_underway();
        if !is_over || self.begun.is_some_and(|begun| begun + self.interval > now) {
            return;
        }
        let mut queues: BTreeMap<&str, Vec<Listed>> = BTreeMap::new();
        for (key, followed) in followed.iter().filter(|(_, followed)| followed.was_seen) {
            match followed.seen().and_then(|job| Some((job.queue.as_deref()?, job))) {
                Some((queue, job)) => queues.entry(queue).or_default().push(Listed {
                    key: key.clone(),
                    job: job.clone(),
                    refresh_at: followed.refresh_at(),
                }),
                None => self.pending.push_back(key.clone()),
            }
        }
        self.pending.extend(self.surveys.begin(queues, now));
        self.begun = Some(now);
    }

    /// Whether the objects that wait are worth a description now. With one after each page, a round would take twice as
    /// long where each page shows a few changes.
    pub fn is_worth_a_call(&self) -> bool {
        self.pages >= PAGES_BETWEEN || self.pending.len() >= DESCRIBE_MAX || !self.surveys.is_underway()
    }

    /// The next object whose job is to be described.
    pub fn next(&mut self) -> Option<Arc<Key>> {
        self.pending.pop_front().inspect(|_| self.pages = 0)
    }

    /// The next page to list.
    pub fn next_list(&self) -> Option<List> {
        self.surveys.next()
    }

    /// The answer to the list that [`Round::next_list`] asked for.
    pub fn listed(&mut self, page: Result<Page, FaultKind>, now: Instant) {
        self.pages += 1;
        let moved = match page {
            Ok(page) => self.surveys.listed(page, now),
            Err(kind) => self.surveys.failed(kind, now),
        };
        // What has moved comes before what is only old.
        moved.into_iter().rev().for_each(|key| self.pending.push_front(key));
    }
}
