//! An object whose job is known: turns what AWS says of the job into the object's status.

use super::deadline;
use super::settle::{self, Say};
use super::sight::Sighting;
use super::situation::Situation;
use super::started::children_have_begun;
use super::whose::Proof;
use super::{
    Note, Plan, Step, ending, links, missing, parts, schedule, stranger, submitted, target, ttl, unread,
};
use crate::api::condition::{self, Reason};
use crate::api::{BatchJobStatus, LastAttempt, Phase};
use crate::batch::{Attempt, JobId, JobStatus, RemoteJob};
use crate::moment::left;

/// The plan for an object that has a job.
pub fn plan(s: &Situation<'_>, id: &JobId) -> Plan {
    unread::along(s, by_sighting(s, id), id)
}

fn by_sighting(s: &Situation<'_>, id: &JobId) -> Plan {
    match &s.sighting {
        Some(Sighting::Seen(job)) if job.id == *id => match s.proof(job) {
            Proof::Own(_) => seen(s, job),
            Proof::None => stranger::unproven(s, accepted(s, id), job),
            Proof::Stranger => stranger::plan(s, id),
        },
        Some(Sighting::Missing { since, until }) => missing::plan(s, accepted(s, id), id, (*since, *until)),
        _ => accepted(s, id),
    }
}

/// The plan after a look at the job.
pub fn seen(s: &Situation<'_>, job: &RemoteJob) -> Plan {
    let phase = phase(s, job);
    let mut plan = Plan {
        status: settle::status(s, says(s, job, phase), |status| mirror(s, status, job, phase)),
        notes: notes(s, job, phase),
        ..Plan::rest()
    };
    if job.status.is_terminal() {
        if let Some(parts) = parts::unread(s, job) {
            return Plan { follow: Some(job.id.clone()), ..Plan::step(Step::Inspect(parts)) };
        }
        plan.step = if s.holds_finalizer() { Step::Release } else { Step::Rest };
        return plan;
    }
    plan.follow = Some(job.id.clone());
    in_time(s, plan, &job.id, Some(job))
}

/// Ends a job whose deadline has passed, or wakes when it will have.
fn in_time(s: &Situation<'_>, mut plan: Plan, id: &JobId, job: Option<&RemoteJob>) -> Plan {
    if s.is_deleting() {
        return plan;
    }
    for deadline in deadline::ahead(s, id, job) {
        match left(deadline.at.duration_since(s.now.wall)) {
            Some(left) => plan = plan.waking_in(left),
            None => return ending::ask(s, plan, id, (deadline.kind, deadline.text)),
        }
    }
    plan
}

/// AWS took the job and nobody has looked at it yet.
fn accepted(s: &Situation<'_>, id: &JobId) -> Plan {
    let follow = Some(id.clone());
    if s.recorded_job_id().as_ref() == Some(id) {
        return in_time(s, Plan { follow, ..Plan::rest() }, id, None);
    }
    let text = format!("AWS accepted the job as {id}");
    Plan {
        status: settle::status(s, submitted::says(s, id), |status| {
            status.phase = Some(Phase::Submitted);
            status.job_status = Some(JobStatus::Submitted.as_str().to_owned());
            status.job_id = Some(id.to_string());
            status.job_name = s.known_job_name();
            status.job_arn = s.accepted.as_ref().and_then(|accepted| accepted.arn.clone());
            status.submitted_at = Some(settle::time(s.now.wall));
            status.target = Some(target::of_job(s, status.job_arn.as_deref()));
            (status.dependencies, status.submission) = (None, None);
            status.console_url = links::console(&s.settings.region, id);
            status.reason = None;
        }),
        notes: vec![Note::normal(Reason::Accepted, text)],
        follow,
        ..Plan::rest()
    }
}

/// An array parent is PENDING to AWS while its children run; to its owner it runs, also while all of them wait for their
/// next attempt. A single job that waits for that is Submitted again: it does not run, and may wait for long.
fn phase(s: &Situation<'_>, job: &RemoteJob) -> Phase {
    let has_run = job.array.is_some() && s.status().phase == Some(Phase::Running);
    match job.status {
        JobStatus::Succeeded => Phase::Succeeded,
        JobStatus::Failed => Phase::Failed,
        JobStatus::Running => Phase::Running,
        _ if has_run || children_have_begun(job) => Phase::Running,
        _ => Phase::Submitted,
    }
}

fn says(s: &Situation<'_>, job: &RemoteJob, phase: Phase) -> Vec<Say> {
    let mut says = submitted::says(s, &job.id);
    match phase {
        Phase::Succeeded => {
            let text = format!("The job succeeded{}", kept(s));
            says.push(Say::yes(condition::COMPLETE, Reason::JobSucceeded, text));
        }
        Phase::Failed => {
            let (reason, why) = failure(s, job);
            says.push(Say::yes(condition::FAILED, reason, format!("{why}{}", kept(s))));
            says.push(Say::yes(condition::STALLED, reason, why));
        }
        _ => says.extend(schedule::says(job)),
    }
    says
}

/// Why a job failed: the deadline that it missed, or what AWS says.
fn failure(s: &Situation<'_>, job: &RemoteJob) -> (Reason, String) {
    if let Some(missed) = deadline::missed(s, job) {
        return (missed.reason, missed.text.to_owned());
    }
    let by_queue = schedule::was_cancelled_by_its_queue(job);
    let reason = if by_queue { Reason::JobStateTimeLimit } else { Reason::JobFailed };
    (reason, why(s, job).unwrap_or_else(|| "The job failed".to_owned()))
}

/// What is to be said where the time to live does not apply.
fn kept(s: &Situation<'_>) -> String {
    let ttl = s.object.spec.ttl_seconds_after_finished.and_then(|_| ttl::keeper(s.object));
    ttl.map_or(String::new(), |keeper| {
        format!(". ttlSecondsAfterFinished is ignored: {keeper} would create the object again, and so run the job again")
    })
}

fn notes(s: &Situation<'_>, job: &RemoteJob, phase: Phase) -> Vec<Note> {
    let is_new = s.status().phase != Some(phase);
    let mut notes = match phase {
        Phase::Running if is_new => vec![Note::normal(Reason::JobRunning, format!("Job {} runs", job.id))],
        Phase::Succeeded => vec![Note::normal(Reason::JobSucceeded, format!("Job {} succeeded", job.id))],
        Phase::Failed => {
            let (reason, why) = failure(s, job);
            vec![Note::warning(reason, format!("Job {} failed: {why}", job.id))]
        }
        _ => schedule::notes(s, job),
    };
    if job.status.is_terminal() && !kept(s).is_empty() {
        notes.push(Note::warning(Reason::TtlIgnored, kept(s).trim_start_matches(". ")));
    }
    notes
}

/// One line for a person: of the whole job, and of the part of it that tells more.
fn why(s: &Situation<'_>, job: &RemoteJob) -> Option<String> {
    let whole = why_of(job);
    let Some((kind, part)) = parts::teller(s, job).filter(|_| job.status == JobStatus::Failed) else {
        return whole;
    };
    let index = part.id.index().unwrap_or_default();
    let told = why_of(part).unwrap_or_else(|| "failed".to_owned());
    let told = format!("{kind} {index}: {told}");
    Some(whole.map_or(told.clone(), |whole| format!("{whole}; {told}")))
}

/// AWS's statusReason, the container's reason where it says more.
fn why_of(job: &RemoteJob) -> Option<String> {
    let last = job.last_attempt.as_ref();
    let container = last.and_then(|attempt| attempt.reason.as_deref()).or(job.current.reason.as_deref());
    match (job.status_reason.as_deref(), container) {
        (Some(status), Some(container)) if !status.contains(container) => {
            Some(format!("{status}: {container}"))
        }
        (Some(status), _) => Some(status.to_owned()),
        (None, container) => container.map(str::to_owned),
    }
}

fn mirror(s: &Situation<'_>, status: &mut BatchJobStatus, job: &RemoteJob, phase: Phase) {
    status.phase = Some(phase);
    status.job_status = Some(job.status.as_str().to_owned());
    status.job_id = Some(job.id.to_string());
    status.job_name = Some(job.name.clone());
    status.job_arn = job.arn.clone().or(status.job_arn.take());
    status.job_queue.clone_from(&job.queue);
    status.job_definition.clone_from(&job.definition);
    status.reason = why(s, job);
    status.submitted_at = job.created_at.map(settle::time).or(status.submitted_at.take());
    status.started_at = job.started_at.map(settle::time);
    status.stopped_at = job.stopped_at.map(settle::time);
    let teller = parts::teller(s, job).map_or(job, |(_, part)| part);
    status.exit_code = exit_code(teller);
    status.attempts = (job.attempts > 0).then(|| i32::try_from(job.attempts).unwrap_or(i32::MAX));
    status.last_attempt = job.last_attempt.as_ref().map(last_attempt);
    status.logs = links::logs(&s.settings.region, teller);
    status.pod = links::pod(teller);
    status.console_url = links::console(&s.settings.region, &job.id);
    status.array = parts::array(s, job);
    status.num_nodes = job.nodes.map(|nodes| nodes.number);
    status.target = status.target.take().or_else(|| Some(target::of_job(s, job.arn.as_deref())));
    (status.dependencies, status.submission) = (None, None);
}

/// The code of the attempt that ended last; AWS shows the running container's only once it has ended.
fn exit_code(job: &RemoteJob) -> Option<i32> {
    job.current.exit_code.or(job.last_attempt.as_ref().and_then(|attempt| attempt.exit_code))
}

fn last_attempt(attempt: &Attempt) -> LastAttempt {
    LastAttempt {
        started_at: attempt.started_at.map(settle::time),
        stopped_at: attempt.stopped_at.map(settle::time),
        exit_code: attempt.exit_code,
        reason: attempt.reason.clone(),
        status_reason: attempt.status_reason.clone(),
        task_arn: attempt.task_arn.clone(),
    }
}
