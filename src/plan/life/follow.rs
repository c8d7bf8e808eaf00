//! Follows a job that is proven to be the object's, and ends the job when a deadline has passed.

use crate::api::Phase;
use crate::api::condition::Reason;
use crate::job::{JobId, JobStatus, RemoteJob};
use crate::moment::left;
use crate::plan::life::{release, terminate};
use crate::plan::rule::{deadline, place};
use crate::plan::situation::Situation;
use crate::plan::status::{links, mirror, parts, submitted, write};
use crate::plan::{Note, Plan, Step};

/// The plan after a look at the job.
pub fn seen(s: &Situation<'_>, job: &RemoteJob) -> Plan {
    let (status, notes) = mirror::shown(s, job);
    let mut plan = Plan { status, notes, ..Plan::rest() };
    if job.status.is_terminal() {
        if let Some(parts) = parts::unread(s, job) {
            return Plan { follow: Some(job.id.clone()), ..Plan::step(Step::ReadParts(parts)) };
        }
        return Plan { step: release::step(s), ..plan };
    }
    plan.follow = Some(job.id.clone());
    in_time(s, plan, &job.id, Some(job))
}

/// Ends a job whose deadline has passed, or wakes the object at the deadline.
fn in_time(s: &Situation<'_>, mut plan: Plan, id: &JobId, job: Option<&RemoteJob>) -> Plan {
    if s.is_deleting() {
        return plan;
    }
    for deadline in deadline::ahead(s, id, job) {
        match left(deadline.at.duration_since(s.now.wall)) {
            Some(left) => plan = plan.waking_in(left),
            None => return terminate::ask(s, plan, id, (deadline.kind, deadline.text)),
        }
    }
    plan
}

/// The plan after AWS accepted the job, before the first look at the job.
pub fn accepted(s: &Situation<'_>, id: &JobId) -> Plan {
    let follow = Some(id.clone());
    if s.recorded_job_id().as_ref() == Some(id) {
        return in_time(s, Plan { follow, ..Plan::rest() }, id, None);
    }
    let text = format!("AWS accepted the job as {id}");
    Plan {
        status: write::status(s, submitted::says(s, id), |status| {
            status.phase = Some(Phase::Submitted);
            status.job_status = Some(JobStatus::Submitted.as_str().to_owned());
            status.job_id = Some(id.to_string());
            status.job_name = s.known_job_name();
            status.job_arn = s.accepted.as_ref().and_then(|accepted| accepted.arn.clone());
            status.submitted_at = Some(write::time(s.now.wall));
            status.target = Some(place::of_job(s, status.job_arn.as_deref()));
            (status.dependencies, status.submission) = (None, None);
            status.console_url = links::console(&s.settings.region, id);
            status.reason = None;
        }),
        notes: vec![Note::normal(Reason::Accepted, text)],
        follow,
        ..Plan::rest()
    }
}
