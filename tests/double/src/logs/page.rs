//! GetLogEvents: one page of a stream, in either direction, and the tokens to go on with.

use serde_json::{Value, json};

use super::event::{Kept, Key};
use super::refusal::{invalid, missing, name};
use super::settings::LogSettings;
use super::store::Logs;
use super::stream::Stream;
use super::token::Token;
use crate::reply::{Refusal, Reply};
use crate::world::World;

/// What is asked for.
struct Request<'a> {
    group: &'a str,
    stream: &'a str,
    start: i64,
    end: i64,
    limit: usize,
    is_from_head: bool,
    token: Option<Token>,
}

/// The page.
pub fn get(logs: &mut Logs, world: &World, region: &str, request: &Value, now: i64) -> Reply {
    let asked = Request::read(request, now)?;
    if !logs.has_group(world, region, asked.group) {
        return missing("group");
    }
    let settings = *logs.settings();
    let place = (region.to_owned(), asked.group.to_owned(), asked.stream.to_owned());
    let Some(stream) = logs.stream(world, &place, now) else { return missing("stream") };
    let view = View { stream, settings: &settings, asked: &asked, now };
    let token = |is_forward, key| Token::new(is_forward, key, now);
    let (events, forward, backward) = match asked.token {
        Some(at) if at.is_forward => {
            let (events, last) = view.forward(at.key);
            // At the end of the stream the token is the same.
            let next = if last == at.key { at } else { token(true, last) };
            let first = events.first().map_or(at.key, |event| event.key);
            (events, next, token(false, first))
        }
        Some(at) => {
            let (events, first) = view.backward(at.key);
            let next = if first == at.key { at } else { token(false, first) };
            let last = events.last().map_or(at.key, |event| event.key);
            (events, token(true, last), next)
        }
        None if asked.is_from_head => {
            let before = (asked.start - 1, i64::MAX, u64::MAX);
            let (events, last) = view.forward(before);
            let first = events.first().map_or(before, |event| event.key);
            (events, token(true, last), token(false, first))
        }
        None => {
            let (events, first) = view.backward((i64::MAX, i64::MAX, u64::MAX));
            let nothing = (asked.start, 0, 0);
            let last = events.last().map_or(nothing, |event| event.key);
            (events, token(true, last), token(false, first))
        }
    };
    Ok(json!({
        "events": events.into_iter().map(shown).collect::<Vec<_>>(),
        "nextForwardToken": forward.to_string(),
        "nextBackwardToken": backward.to_string(),
    }))
}

fn shown(event: &Kept) -> Value {
    json!({ "timestamp": event.key.0, "message": event.message, "ingestionTime": event.key.1 })
}

struct View<'a> {
    stream: &'a Stream,
    settings: &'a LogSettings,
    asked: &'a Request<'a>,
    now: i64,
}

impl<'a> View<'a> {
    /// The events after a place, and the place that the page ends at.
    fn forward(&self, from: Key) -> (Vec<&'a Kept>, Key) {
        let shown = || self.stream.after(from).filter(|event| self.is_shown(event));
        let Some(next) = shown().next() else { return (Vec::new(), from) };
        // Without a time to start at, the page starts at the first event.
        let begins = if from.0 < 0 { next.key.0 } else { from.0 };
        let covers = begins.saturating_add(self.settings.page_span_ms);
        let events = self.cut(shown().take_while(|event| event.key.0 < covers));
        let last = events.last().map_or((covers - 1, i64::MAX, u64::MAX), |event| event.key);
        (events, last)
    }

    /// The events before a place, in their order, and the place that the page begins at.
    fn backward(&self, from: Key) -> (Vec<&'a Kept>, Key) {
        let shown = || self.stream.before(from).filter(|event| self.is_shown(event));
        let Some(next) = shown().next() else { return (Vec::new(), from) };
        let begins = if from.0 == i64::MAX { next.key.0 } else { from.0 };
        let covers = begins.saturating_sub(self.settings.page_span_ms);
        let mut events = self.cut(shown().take_while(|event| event.key.0 > covers));
        events.reverse();
        let first = events.first().map_or((covers + 1, 0, 0), |event| event.key);
        (events, first)
    }

    fn is_shown(&self, event: &Kept) -> bool {
        event.is_visible(self.now) && (self.asked.start..self.asked.end).contains(&event.key.0)
    }

    /// As many as a page holds; one at least.
    fn cut(&self, events: impl Iterator<Item = &'a Kept>) -> Vec<&'a Kept> {
        let most = self.asked.limit.min(self.settings.page_events);
        let mut bytes = 0;
        let fits = |event: &&Kept| {
            let is_first = bytes == 0;
            bytes += event.bytes();
            is_first || bytes <= self.settings.page_bytes
        };
        events.take(most).take_while(fits).collect()
    }
}

impl<'a> Request<'a> {
    fn read(request: &'a Value, now: i64) -> Result<Self, Refusal> {
        let group = match (&request["logGroupName"], &request["logGroupIdentifier"]) {
            (Value::String(_), Value::Null) => name(request, "logGroupName", &['*', ':'])?,
            (Value::Null, Value::String(_)) => {
                let named = name(request, "logGroupIdentifier", &['*'])?;
                named.split_once(":log-group:").map_or(named, |(_, group)| group)
            }
            _ => return invalid("Exactly one of logGroupName and logGroupIdentifier is required"),
        };
        let number = |member: &str, least: i64, most: i64, absent: i64| match &request[member] {
            Value::Null => Ok(absent),
            given => match given.as_i64().filter(|number| (least..=most).contains(number)) {
                Some(number) => Ok(number),
                None => invalid(&format!(
                    "1 validation error detected: Value '{given}' at '{member}' failed to satisfy constraint"
                )),
            },
        };
        let token = match &request["nextToken"] {
            Value::Null => None,
            given => match given.as_str().and_then(|text| Token::read(text, now)) {
                Some(token) => Some(token),
                None => return invalid("The specified nextToken is invalid."),
            },
        };
        Ok(Self {
            group,
            stream: name(request, "logStreamName", &['*', ':'])?,
            start: number("startTime", 0, i64::MAX, 0)?,
            end: number("endTime", 0, i64::MAX, i64::MAX)?,
            limit: usize::try_from(number("limit", 1, 10_000, 10_000)?).unwrap_or(10_000),
            is_from_head: request["startFromHead"].as_bool().unwrap_or_default(),
            token,
        })
    }
}
