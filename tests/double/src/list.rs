//! ListJobs: by queue, array or multi-node job; one filter; newest first; no tags. `now` is the moment the list shows.

use serde_json::{Map, Value, json};

use crate::describe::{definition_arn, id};
use crate::filter::Filter;
use crate::job::{Job, Shape};
use crate::life::{Life, life, part};
use crate::members::put;
use crate::name::Named;
use crate::world::World;

const STATES: [&str; 7] = ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"];

/// Results of a page without and with a filter.
const PAGE: (usize, usize) = (1000, 100);

/// The jobs that match.
pub fn list(world: &World, request: &Value, now: i64) -> Result<Value, String> {
    let filter = Filter::of(request)?;
    let status = match request["jobStatus"].as_str() {
        Some(status) if !STATES.contains(&status) => return Err(format!("jobStatus {status} is not valid")),
        status => status,
    };
    let most = if filter.is_some() { PAGE.1 } else { PAGE.0 };
    let size = match request["maxResults"].as_i64() {
        Some(size) if size < 1 => return Err("maxResults must be at least 1".to_owned()),
        Some(size) => usize::try_from(size).unwrap_or(most).min(most),
        None => most,
    };
    let from = match request["nextToken"].as_str() {
        Some(token) => Some(token.parse::<usize>().map_err(|_| "nextToken is not valid".to_owned())?),
        None => None,
    };
    let parents = [&request["arrayJobId"], &request["multiNodeJobId"]];
    let mut parents = parents.into_iter().filter_map(Value::as_str);
    match (request["jobQueue"].as_str(), parents.next(), parents.next()) {
        (Some(queue), None, _) => {
            let not_found = || format!("JobQueue {queue} not found.");
            let (queue, _) = world.catalogue.queue(queue).ok_or_else(not_found)?;
            let below = from.unwrap_or(usize::MAX);
            // A filter makes jobStatus moot, SHARE_IDENTIFIER apart; without both only RUNNING jobs are listed.
            let wanted = match filter {
                None => Some(status.unwrap_or("RUNNING")),
                Some(Filter::ShareIdentifier(_)) => status,
                Some(_) => None,
            };
            let rows = of_queue(world, &queue, filter.as_ref(), below, now);
            Ok(page(rows.filter(|(.., life)| wanted.is_none_or(|wanted| life.status == wanted)), size, now))
        }
        (None, Some(parent), None) => {
            let named = Named::find(world, parent, now).filter(|named| named.index.is_none());
            let named = named.ok_or_else(|| format!("Job {parent} does not exist"))?;
            Ok(children(&named, status.unwrap_or("RUNNING"), (from.unwrap_or(0), size), now))
        }
        _ => Err("Exactly one of jobQueue, arrayJobId and multiNodeJobId must be given".to_owned()),
    }
}

/// A job of a page, with its place and its state.
type Row<'a> = (usize, &'a Job, Life);

/// The queue's visible jobs accepted before the place `below`, newest first.
fn of_queue<'a>(
    world: &'a World,
    queue: &'a str,
    filter: Option<&'a Filter>,
    below: usize,
    now: i64,
) -> Box<dyn Iterator<Item = Row<'a>> + 'a> {
    let places = match filter {
        Some(Filter::JobName(name)) if !name.ends_with('*') => world.named(name),
        _ => world.queued(queue),
    };
    let older = places[..places.partition_point(|place| *place < below)].iter().rev().copied();
    let oldest = match filter {
        Some(Filter::AfterCreatedAt(moment)) => *moment,
        _ => i64::MIN,
    };
    Box::new(
        older
            .map(|place| (place, world.at(place)))
            .take_while(move |(_, job)| job.created_at > oldest)
            .filter(move |(place, job)| {
                job.queue == queue
                    && filter.is_none_or(|filter| filter.fits(job))
                    && job.created_at.saturating_add(job.hides.list_ms) <= now
                    && world.is_visible(*place, now)
            })
            .map(move |(place, job)| (place, job, life(job, now))),
    )
}

/// As many rows as a page holds, and where the next begins.
fn page<'a>(rows: impl Iterator<Item = Row<'a>>, size: usize, now: i64) -> Value {
    let mut rows = rows.peekable();
    let (mut jobs, mut last) = (Vec::new(), None);
    while jobs.len() < size
        && let Some((place, job, life)) = rows.next()
    {
        jobs.push(summary(job, None, &life, now));
        last = Some(place);
    }
    let next = last.filter(|_| rows.peek().is_some());
    answer(&jobs, next)
}

/// The children of an array, or the nodes of a multi-node job, in one status, from an index on.
fn children(parent: &Named<'_>, status: &str, (from, size): (usize, usize), now: i64) -> Value {
    let job = parent.job;
    let number = match job.shape {
        Shape::Array(number) | Shape::Nodes(number) => number,
        Shape::Single => 0,
    };
    let alike = [false, true].map(|fails| part(job, &job.part(fails), now));
    let life_of = |index: i32| {
        let fails = matches!(job.shape, Shape::Array(_)) && job.behaviour.failing_indexes.contains(&index);
        if job.child_marks.contains_key(&index) {
            part(job, &job.child(index), now)
        } else {
            alike[usize::from(fails)].clone()
        }
    };
    let from = i32::try_from(from).unwrap_or(i32::MAX);
    let matching = (from..number).map(|index| (index, life_of(index)));
    let mut rows = matching.filter(|(_, life)| life.status == status);
    let jobs: Vec<_> =
        rows.by_ref().take(size).map(|(index, life)| summary(job, Some(index), &life, now)).collect();
    answer(&jobs, rows.next().and_then(|(index, _)| usize::try_from(index).ok()))
}

fn answer(jobs: &[Value], next: Option<usize>) -> Value {
    let mut answer = json!({ "jobSummaryList": jobs });
    if let Some(next) = next {
        answer["nextToken"] = next.to_string().into();
    }
    answer
}

fn summary(job: &Job, index: Option<i32>, life: &Life, now: i64) -> Value {
    let id = id(job, index);
    let mut summary = Map::new();
    put(&mut summary, "jobArn", Some(job.home.arn("job", &id)));
    put(&mut summary, "jobId", Some(id));
    put(&mut summary, "jobName", Some(job.name()));
    put(&mut summary, "jobDefinition", Some(definition_arn(job)));
    put(&mut summary, "status", Some(life.status));
    put(&mut summary, "statusReason", life.status_reason.as_deref());
    put(&mut summary, "createdAt", Some(job.created_at));
    put(&mut summary, "startedAt", life.started_at);
    put(&mut summary, "stoppedAt", life.stopped_at);
    put(&mut summary, "shareIdentifier", job.request["shareIdentifier"].as_str());
    let part = match (job.shape, index) {
        (Shape::Array(_), Some(index)) => job.child(index),
        _ => job.part(false),
    };
    put(&mut summary, "isTerminated", Some(part.is_terminated(now)));
    put(&mut summary, "isCancelled", Some(part.is_cancelled(now)));
    if let Some(last) = life.attempts.last() {
        let mut container = Map::new();
        put(&mut container, "exitCode", Some(last.exit_code));
        put(&mut container, "reason", last.reason.as_deref());
        put(&mut summary, "container", Some(Value::Object(container)));
    }
    let shape = match (job.shape, index) {
        (Shape::Array(_), Some(index)) => Some(("arrayProperties", json!({ "index": index }))),
        (Shape::Array(size), None) => Some(("arrayProperties", json!({ "size": size }))),
        (Shape::Nodes(_), Some(index)) => {
            Some(("nodeProperties", json!({ "nodeIndex": index, "isMainNode": index == 0 })))
        }
        (Shape::Nodes(number), None) => Some(("nodeProperties", json!({ "numNodes": number }))),
        (Shape::Single, _) => None,
    };
    if let Some((member, value)) = shape {
        put(&mut summary, member, Some(value));
    }
    Value::Object(summary)
}
