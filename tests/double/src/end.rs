//! TerminateJob, CancelJob and their bulk forms. What cannot be ended, ended already or is unknown, is no error.

use serde_json::{Value, json};

use crate::reply::{Refusal, Reply};
use crate::shared::Shared;

/// Terminate or cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// In every state.
    Terminate,
    /// Before STARTING only.
    Cancel,
}

/// The single form.
pub fn end_one(shared: &mut Shared, ending: Ending, request: &Value, request_id: &str) -> Reply {
    let reason = reason(request, request_id)?;
    let id = request["jobId"].as_str().ok_or_else(|| Refusal::client("jobId is required", request_id))?;
    end(shared, ending, id, &reason);
    Ok(json!({}))
}

/// The bulk form: 200, with an error for each job that has one.
pub fn end_many(shared: &mut Shared, ending: Ending, request: &Value, request_id: &str) -> Reply {
    let reason = reason(request, request_id)?;
    let ids = request["jobs"].as_array().map(Vec::as_slice).unwrap_or_default();
    if ids.is_empty() || ids.len() > 50 {
        return Err(Refusal::client("Between 1 and 50 jobs are supported", request_id));
    }
    let (mut successful, mut errors) = (Vec::new(), Vec::new());
    for id in ids.iter().filter_map(Value::as_str) {
        let is_well_formed =
            id.len() <= 128 && id.chars().all(|c| c.is_ascii_alphanumeric() || "-:#".contains(c));
        if is_well_formed {
            end(shared, ending, id, &reason);
            successful.push(id);
        } else {
            errors.push(json!({ "job": id, "code": "ValidationException", "message": "not a job id" }));
        }
    }
    Ok(json!({ "successful": successful, "errors": errors }))
}

fn reason(request: &Value, request_id: &str) -> Result<String, Refusal> {
    match request["reason"].as_str() {
        Some(reason) if reason.chars().count() <= 1024 => Ok(reason.to_owned()),
        Some(_) => Err(Refusal::client("reason has at most 1024 characters", request_id)),
        None => Err(Refusal::client("reason is required", request_id)),
    }
}

fn end(shared: &mut Shared, ending: Ending, id: &str, reason: &str) {
    let now = shared.now();
    let status = shared.world.job(id).map(|job| shared.world.life(job, now).status);
    let Some(job) = shared.world.job_mut(id) else {
        return;
    };
    let mark = (now, reason.to_owned());
    match (ending, status) {
        (_, Some("SUCCEEDED" | "FAILED") | None) | (Ending::Cancel, Some("STARTING" | "RUNNING")) => {}
        (Ending::Terminate, _) => {
            job.terminated.get_or_insert(mark);
        }
        (Ending::Cancel, _) => {
            job.cancelled.get_or_insert(mark);
        }
    }
}
