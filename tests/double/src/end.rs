//! TerminateJob, CancelJob and their bulk forms. What cannot be ended, has ended or is unknown, is no error.

use std::time::Duration;

use serde_json::{Value, json};

use crate::job::Mark;
use crate::life::{life, part};
use crate::name::Named;
use crate::world::World;

/// Ids in one bulk call.
const BULK: usize = 50;

/// Terminate or cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// In every state.
    Terminate,
    /// Before STARTING only.
    Cancel,
}

/// The single form.
pub fn end_one(world: &mut World, ending: Ending, request: &Value, now: i64) -> Result<Value, String> {
    let reason = reason(request)?;
    let id = request["jobId"].as_str().ok_or("jobId is required")?;
    if !is_id(id) {
        return Err(format!("{id} is not a job id"));
    }
    end(world, ending, id, Mark { at: now, reason });
    Ok(json!({}))
}

/// The bulk form: 200, with an error for each job that has one.
pub fn end_many(world: &mut World, ending: Ending, request: &Value, now: i64) -> Result<Value, String> {
    let reason = reason(request)?;
    let ids = request["jobs"].as_array().map(Vec::as_slice).unwrap_or_default();
    if ids.is_empty() || ids.len() > BULK {
        return Err("Maximum number of jobs supported is 50, and the minimum 1".to_owned());
    }
    let (mut successful, mut errors) = (Vec::new(), Vec::new());
    for id in ids.iter().filter_map(Value::as_str) {
        if is_id(id) {
            end(world, ending, id, Mark { at: now, reason: reason.clone() });
            successful.push(id);
        } else {
            errors.push(json!({ "job": id, "code": "ValidationException", "message": "not a job id" }));
        }
    }
    Ok(json!({ "successful": successful, "errors": errors }))
}

/// Ends a job on behalf of another client, and answers how long the job takes to stop.
pub fn terminate(world: &mut World, id: &str, now: i64) -> Option<Duration> {
    let place = world.place(id, now)?;
    if life(world.at(place), now).is_over() {
        return None;
    }
    end(world, Ending::Terminate, id, Mark { at: now, reason: "terminated by another client".to_owned() });
    let left_ms = world.at(place).end?.at - now;
    Some(Duration::from_millis(u64::try_from(left_ms).ok()?))
}

fn reason(request: &Value) -> Result<String, String> {
    match request["reason"].as_str() {
        Some(reason) if reason.chars().count() <= 1024 => Ok(reason.to_owned()),
        Some(_) => Err("reason has at most 1024 characters".to_owned()),
        None => Err("reason is required".to_owned()),
    }
}

fn is_id(id: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '#');
    (1..=128).contains(&id.len()) && id.chars().all(fits)
}

fn end(world: &mut World, ending: Ending, id: &str, mark: Mark) {
    let Some(named) = Named::find(world, id, mark.at) else { return };
    let (place, child) = (named.place, named.child());
    let life = match child {
        Some(_) => part(named.job, &named.part(), mark.at),
        None => life(named.job, mark.at),
    };
    let is_running = matches!(life.status, "STARTING" | "RUNNING");
    if life.is_over() || (ending == Ending::Cancel && is_running) {
        return;
    }
    world.mark(place, child, |marks| {
        let first = match ending {
            Ending::Terminate => &mut marks.terminated,
            Ending::Cancel => &mut marks.cancelled,
        };
        first.get_or_insert(mark);
    });
}
