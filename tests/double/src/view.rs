//! A job as a test or a person sees it: in full, at once, and never forgotten.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::job::Job;
use crate::life::life;

/// A job as a test sees it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobView {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The queue's name.
    pub queue: String,
    /// AWS's word for its state now, without any lag.
    pub status: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// When it was accepted, in milliseconds since 1970.
    pub created_at: i64,
    /// Whether anyone asked to terminate it.
    pub is_terminated: bool,
    /// Whether anyone asked to cancel it while it could be.
    pub is_cancelled: bool,
    /// The request as it came.
    pub request: Value,
}

impl JobView {
    /// The job at `now`.
    pub fn of(job: &Job, now: i64) -> Self {
        Self {
            id: job.id.clone(),
            name: job.name().to_owned(),
            queue: job.queue.clone(),
            status: life(job, now).status.to_owned(),
            tags: job.tags.clone(),
            created_at: job.created_at,
            is_terminated: job.marks.terminated.is_some(),
            is_cancelled: job.marks.cancelled.is_some(),
            request: job.request.clone(),
        }
    }
}
