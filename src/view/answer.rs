//! A plan for a person: its cause, the next step, and the time.

use std::fmt;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use serde::Serialize;

use crate::api::BatchJobStatus;
use crate::plan::{Because, Plan, Step};

/// The answer of the planner. Only the kind of the step is shown, never the request that it sends.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    pub(super) cause: Option<String>,
    pub(super) why: Option<&'static str>,
    /// The conditions as they are, or as the plan writes them.
    pub(super) conditions: Vec<Condition>,
    writes_status: bool,
    pub(super) next: Option<&'static str>,
    /// The time until the next pass, if nothing wakes the object before.
    wake_seconds: Option<u64>,
}

impl Answer {
    /// The answer for an object with this status.
    pub fn new(plan: &Plan, status: Option<&BatchJobStatus>) -> Self {
        let shown = plan.status.as_ref().or(status);
        Self {
            cause: plan.cause.map(|cause| format!("{cause:?}")),
            why: plan.cause.map(Because::sentence),
            conditions: shown.map(|status| status.conditions.clone()).unwrap_or_default(),
            writes_status: plan.status.is_some(),
            next: step(&plan.step),
            wake_seconds: plan.wake.map(|wake| wake.as_secs()),
        }
    }
}

/// One fact per line.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(cause), Some(why)) = (&self.cause, self.why) {
            write!(f, "{cause}: {why}")?;
        }
        for condition in &self.conditions {
            let (kind, value) = (&condition.type_, &condition.status);
            write!(f, "\n{kind}={value} ({}): {}", condition.reason, condition.message)?;
        }
        if let Some(step) = self.next {
            write!(f, "\nNext: {step}")?;
        }
        self.wake_seconds.map_or(Ok(()), |wake| write!(f, "\nLooked at again after {wake} s at the latest"))
    }
}

fn step(step: &Step) -> Option<&'static str> {
    Some(match step {
        Step::Rest => return None,
        Step::TakeTurn => "take a place in the submission queue",
        Step::Submit(_) => "write the claim, then call SubmitJob once",
        Step::SearchByName(_) => "search for the job by its name and its tags",
        Step::Look(_) => "look at the job before it is cancelled",
        Step::ReadParts(_) => "read the failed children, or the main node",
        Step::AddFinalizer => "add the finalizer",
        Step::EndJobs { .. } => "ask AWS Batch to end the job",
        Step::RemoveFinalizer => "remove the finalizer",
        Step::Delete => "delete the BatchJob: its time to live is over",
    })
}
