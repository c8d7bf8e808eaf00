//! A job as a test or a person sees it: in full, at once, and never forgotten.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::job::{Gate, Hiding, Job};
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

/// A job with what lies ahead of it, as things are: how jobs end is known before they do.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// The job now.
    pub job: JobView,
    /// When it ends or has ended; `None`: never.
    pub ends_at: Option<i64>,
    /// Whether that end is a good one.
    pub is_success: bool,
    /// When its end was first asked for.
    pub ended_on_request_at: Option<i64>,
    /// When a job failed that it was to wait for.
    pub orphaned_at: Option<i64>,
    /// How long reads do not show it.
    pub hides: Hiding,
}

impl Outlook {
    /// The job at `now`.
    pub fn of(job: &Job, now: i64) -> Self {
        let marks = [&job.marks.terminated, &job.marks.cancelled];
        Self {
            job: JobView::of(job, now),
            ends_at: job.end.map(|end| end.at),
            is_success: job.end.is_some_and(|end| end.is_success),
            ended_on_request_at: marks.into_iter().flatten().map(|mark| mark.at).min(),
            orphaned_at: match job.gate {
                Gate::Failed(at, _) => Some(at),
                Gate::Open(_) | Gate::Closed => None,
            },
            hides: job.hides,
        }
    }
}
