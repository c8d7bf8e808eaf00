//! Amazon CloudWatch Logs: groups, their streams and the events in them, by Region. What jobs write comes from `writer`; anyone
//! else writes by PutLogEvents. No clock here: every question brings its moment.

mod event;
mod page;
mod put;
mod settings;
mod stream;
mod token;
mod writer;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub use event::Event;
pub use settings::{LogSettings, Written};
pub use writer::Output;

use crate::limit::Limit;
use crate::reply::{Refusal, Reply};
use crate::world::World;
use stream::Stream;

/// The operations, as `X-Amz-Target` names them.
pub const OPERATIONS: [&str; 4] = ["GetLogEvents", "PutLogEvents", "CreateLogStream", "CreateLogGroup"];

/// What stands before the operation in `X-Amz-Target`.
pub const TARGET: &str = "Logs_20140328.";

/// The header that names the operation.
pub const TARGET_HEADER: &str = "x-amz-target";

/// Where AWS Batch writes if a definition names no other group.
pub const BATCH: &str = "/aws/batch/job";

/// Where a stream is: Region, group and name.
type Place = (String, String, String);

/// All log groups of the account.
#[derive(Debug)]
pub struct Logs {
    settings: LogSettings,
    limit: Option<Limit>,
    /// By Region and name. Those that jobs write to need not be named.
    groups: BTreeSet<(String, String)>,
    streams: BTreeMap<Place, Stream>,
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

    /// Carries out one operation in one Region.
    pub fn perform(
        &mut self,
        world: &World,
        (operation, region): (&str, &str),
        request: &Value,
        now: i64,
    ) -> Reply {
        match operation {
            "GetLogEvents" => {
                if self.limit.as_mut().is_some_and(|limit| !limit.take(now)) {
                    return Err(Refusal::rate_exceeded());
                }
                page::get(self, world, region, request, now)
            }
            "PutLogEvents" => put::events(self, region, request, now),
            "CreateLogStream" => put::stream(self, region, request),
            _ => put::group(self, region, request),
        }
    }

    /// Writes lines, whatever stands in the way of a request: the group and the stream are made.
    pub fn write(&mut self, region: &str, written: Written, now: i64) {
        let Written { group, stream, region: other, events } = written;
        let region = other.unwrap_or_else(|| region.to_owned());
        self.groups.insert((region.clone(), group.clone()));
        self.arrive((region, group, stream), events, now);
    }

    fn arrive(&mut self, place: Place, events: Vec<Event>, now: i64) {
        let stream = self.streams.entry(place).or_insert_with(Stream::created);
        for event in events {
            self.arrived += 1;
            stream.insert(event.arrived(now, self.arrived));
        }
    }

    fn has_group(&self, world: &World, region: &str, group: &str) -> bool {
        let is_made = self.groups.contains(&(region.to_owned(), group.to_owned()));
        is_made || world.catalogue.logs_to(region, group)
    }

    /// The stream with all that has been written to it by now; `None`: there is none yet.
    fn stream(&mut self, world: &World, place: &Place, now: i64) -> Option<&Stream> {
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

fn refuse<T>(code: &'static str, message: &str) -> Result<T, Refusal> {
    Err(Refusal::new(400, Some(code), message))
}

fn invalid<T>(message: &str) -> Result<T, Refusal> {
    refuse("InvalidParameterException", message)
}

fn missing<T>(what: &str) -> Result<T, Refusal> {
    refuse("ResourceNotFoundException", &format!("The specified log {what} does not exist."))
}

/// A member that is a string of 1 to 512 characters without these.
fn name<'a>(request: &'a Value, member: &str, without: &[char]) -> Result<&'a str, Refusal> {
    let given = request[member].as_str().unwrap_or_default();
    if (1..=512).contains(&given.len()) && !given.contains(without) {
        return Ok(given);
    }
    invalid(&format!(
        "1 validation error detected: Value '{given}' at '{member}' failed to satisfy constraint"
    ))
}
