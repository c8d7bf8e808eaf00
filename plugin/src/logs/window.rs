//! What has been read lately, so that a stretch can be read again for events that have come late, and nothing is told twice.
//! Its size is bounded, however long the log is.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use aws_sdk_cloudwatchlogs::types::OutputLogEvent;
use tokio::time::Instant;

/// For so long an event may come late and is still told in a follow.
pub const LATE: Duration = Duration::from_secs(10);

/// The most events that are remembered, beside those of the page that was read last: two full pages.
pub const MOST: usize = 20_000;

/// The latest stretch of a stream.
#[derive(Debug, Default)]
pub struct Window {
    stretches: VecDeque<Stretch>,
    hasher: RandomState,
}

/// The events of one page.
#[derive(Debug)]
struct Stretch {
    /// A token of a place before which all has been told; `None`: the start. Whoever reads on from there finds only what is
    /// remembered here and in later stretches, what has come late, and what is new.
    from: Option<String>,
    events: Vec<u64>,
    read_at: Instant,
}

/// Events that are expected to be read again, by how often.
#[derive(Debug)]
pub struct Known(HashMap<u64, u32>);

impl Window {
    /// What stands for an event: AWS gives it no id. Two that are the same in all are counted.
    pub fn print(&self, event: &OutputLogEvent) -> u64 {
        self.hasher.hash_one((event.timestamp(), event.ingestion_time(), event.message()))
    }

    /// The token to read on with, if all has been told up to `end`: it leads back to what is to be read again.
    pub fn anchor(&self, end: Option<&String>) -> Option<String> {
        self.stretches.front().map_or(end, |stretch| stretch.from.as_ref()).cloned()
    }

    /// All that will be read again from there.
    pub fn known(&self) -> Known {
        let mut known = HashMap::new();
        for event in self.stretches.iter().flat_map(|stretch| &stretch.events) {
            *known.entry(*event).or_default() += 1;
        }
        Known(known)
    }

    /// Remembers the new events of a page that begins there, or before it and again; and forgets the oldest if there are too many.
    pub fn remember(&mut self, from: Option<String>, events: Vec<u64>, now: Instant) {
        if !events.is_empty() {
            self.stretches.push_back(Stretch { from, events, read_at: now });
        }
        while self.len() > MOST {
            self.drop_first();
        }
    }

    /// Forgets what was read so long ago that nothing comes late there any more.
    pub fn forget(&mut self, now: Instant) {
        while self.stretches.front().is_some_and(|stretch| now - stretch.read_at > LATE) {
            self.drop_first();
        }
    }

    /// Forgets the first stretch, and with it all that would be read again from the same place.
    fn drop_first(&mut self) {
        let Some(first) = self.stretches.pop_front() else { return };
        while self.stretches.front().is_some_and(|next| next.from == first.from) {
            self.stretches.pop_front();
        }
    }

    /// How many events are remembered.
    pub fn len(&self) -> usize {
        self.stretches.iter().map(|stretch| stretch.events.len()).sum()
    }
}

impl Known {
    /// Whether all of it has been read again.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the event has been told, once for each time that it was.
    pub fn take(&mut self, event: u64) -> bool {
        match self.0.get_mut(&event) {
            Some(times @ 2..) => *times -= 1,
            Some(_) => drop(self.0.remove(&event)),
            None => return false,
        }
        true
    }
}
