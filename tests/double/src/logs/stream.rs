//! A log stream: events in their order, whenever they came.

use super::event::{Kept, Key};

/// Where a stream is: Region, group and name.
pub type Place = (String, String, String);

/// A stream.
#[derive(Debug)]
pub struct Stream {
    events: Vec<Kept>,
    /// How many lines of its job are in it.
    pub from_job: usize,
}

impl Stream {
    /// An empty one.
    pub fn created() -> Self {
        Self { events: Vec::new(), from_job: 0 }
    }

    /// Takes an event in at its place: one of an earlier time gets before those that are there.
    pub fn insert(&mut self, event: Kept) {
        let place = self.events.partition_point(|each| each.key <= event.key);
        self.events.insert(place, event);
    }

    /// The events after this place, in their order.
    pub fn after(&self, key: Key) -> impl Iterator<Item = &Kept> {
        self.events[self.events.partition_point(|each| each.key <= key)..].iter()
    }

    /// The events before this place, the latest first.
    pub fn before(&self, key: Key) -> impl Iterator<Item = &Kept> {
        self.events[..self.events.partition_point(|each| each.key < key)].iter().rev()
    }
}
