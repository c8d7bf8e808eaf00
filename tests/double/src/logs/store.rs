//! What the service keeps: groups, their streams and the events in them, by Region. No clock here: every question brings
//! its moment.

use std::collections::{BTreeMap, BTreeSet};

use super::event::Event;
use super::settings::{LogSettings, Written};
use super::stream::{Place, Stream};
use super::writer;
use crate::limit::Limit;
use crate::world::World;

/// All log groups of the account.
#[derive(Debug)]
pub struct Logs {
    settings: LogSettings,
    /// How many reads are answered.
    pub limit: Option<Limit>,
    /// By Region and name. Those that jobs write to need not be named.
    pub groups: BTreeSet<(String, String)>,
    /// By place.
    pub streams: BTreeMap<Place, Stream>,
    arrived: u64,
}

impl Logs {
    /// No groups but Batch's own.
    pub fn new(now: i64) -> Self {
        let mut logs = Self {
            settings: LogSettings::default(),
            limit: None,
            groups: BTreeSet::new(),
            streams: BTreeMap::new(),
            arrived: 0,
        };
        logs.set(LogSettings::default(), now);
        logs
    }

    /// How it behaves from now on.
    pub fn set(&mut self, settings: LogSettings, now: i64) {
        self.limit = settings.reads_per_second.map(|rate| Limit::per_second(rate, now));
        self.settings = settings;
    }

    /// How it behaves.
    pub fn settings(&self) -> &LogSettings {
        &self.settings
    }

    /// Writes lines, whatever stands in the way of a request: the group and the stream are made.
    pub fn write(&mut self, region: &str, written: Written, now: i64) {
        let Written { group, stream, region: other, events } = written;
        let region = other.unwrap_or_else(|| region.to_owned());
        self.groups.insert((region.clone(), group.clone()));
        self.arrive((region, group, stream), events, now);
    }

    /// Takes lines in, and makes the stream.
    pub fn arrive(&mut self, place: Place, events: Vec<Event>, now: i64) {
        let stream = self.streams.entry(place).or_insert_with(Stream::created);
        for event in events {
            self.arrived += 1;
            stream.insert(event.arrived(now, self.arrived));
        }
    }

    /// Whether the group is there.
    pub fn has_group(&self, world: &World, region: &str, group: &str) -> bool {
        let is_made = self.groups.contains(&(region.to_owned(), group.to_owned()));
        is_made || world.catalogue.logs_to(region, group)
    }

    /// The stream with all that has been written to it by now; `None`: there is none yet.
    pub fn stream(&mut self, world: &World, place: &Place, now: i64) -> Option<&Stream> {
        if let Some(writer) = writer::of(world, place, now)
            && writer.begins_at().saturating_add(self.settings.stream_ms) <= now
        {
            let stream = self.streams.entry(place.clone()).or_insert_with(Stream::created);
            for (at, line) in writer.lines(stream.from_job, now) {
                self.arrived += 1;
                let ingested = at.saturating_add(self.settings.ingestion_ms);
                let event = Event { timestamp: at, message: line, ingestion_time: Some(ingested) };
                stream.insert(event.arrived(now, self.arrived));
                stream.from_job += 1;
            }
        }
        self.streams.get(place)
    }
}
