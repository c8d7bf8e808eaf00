//! How a log driver writes: it makes the stream, in a group that must be there, and sends batches of events.

use serde_json::{Value, json};

use super::event::{Event, size};
use super::refusal::{invalid, missing, name, refuse};
use super::store::Logs;
use super::stream::{Place, Stream};
use crate::catalogue::BATCH_GROUP;
use crate::reply::{Refusal, Reply};

/// Events in one batch, and their bytes.
const MOST: (usize, usize) = (10_000, 1_048_576);

/// Events that are older are left out, as are those that lie further ahead.
const OLDEST_MS: i64 = 14 * 24 * 3600 * 1000;
const NEWEST_MS: i64 = 2 * 3600 * 1000;

/// CreateLogGroup.
pub fn group(logs: &mut Logs, region: &str, request: &Value) -> Reply {
    let group = name(request, "logGroupName", &['*', ':'])?;
    if logs.groups.insert((region.to_owned(), group.to_owned())) {
        return Ok(json!({}));
    }
    refuse("ResourceAlreadyExistsException", "The specified log group already exists")
}

/// CreateLogStream.
pub fn stream(logs: &mut Logs, region: &str, request: &Value) -> Reply {
    let place = place(logs, region, request)?;
    if logs.streams.contains_key(&place) {
        return refuse("ResourceAlreadyExistsException", "The specified log stream already exists");
    }
    logs.streams.insert(place, Stream::created());
    Ok(json!({}))
}

/// PutLogEvents.
pub fn events(logs: &mut Logs, region: &str, request: &Value, now: i64) -> Reply {
    let place = place(logs, region, request)?;
    if !logs.streams.contains_key(&place) {
        return missing("stream");
    }
    let Ok(events) = serde_json::from_value::<Vec<Event>>(request["logEvents"].clone()) else {
        return invalid("logEvents has a member that is no event");
    };
    let bytes: usize = events.iter().map(|event| size(&event.message)).sum();
    if events.is_empty() || events.len() > MOST.0 || bytes > MOST.1 {
        return invalid(
            "Upload too large, or empty: a batch has 1 to 10,000 events in at most 1048576 bytes",
        );
    }
    if !events.is_sorted_by_key(|event| event.timestamp) {
        return invalid("Log events in a single PutLogEvents request must be in chronological order.");
    }
    let too_old = events.partition_point(|event| event.timestamp < now - OLDEST_MS);
    let too_new = events.partition_point(|event| event.timestamp <= now + NEWEST_MS);
    let mut answer = json!({ "nextSequenceToken": "0" });
    if too_old > 0 {
        answer["rejectedLogEventsInfo"]["tooOldLogEventEndIndex"] = json!(too_old);
    }
    if too_new < events.len() {
        answer["rejectedLogEventsInfo"]["tooNewLogEventStartIndex"] = json!(too_new);
    }
    let kept = events.into_iter().take(too_new).skip(too_old).collect();
    logs.arrive(place, kept, now);
    Ok(answer)
}

fn place(logs: &Logs, region: &str, request: &Value) -> Result<Place, Refusal> {
    let group = name(request, "logGroupName", &['*', ':'])?;
    let stream = name(request, "logStreamName", &['*', ':'])?;
    if group != BATCH_GROUP && !logs.groups.contains(&(region.to_owned(), group.to_owned())) {
        return missing("group");
    }
    Ok((region.to_owned(), group.to_owned(), stream.to_owned()))
}
