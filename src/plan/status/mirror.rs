//! Turns AWS's description of a job into the object's status.

use crate::api::condition::{self, Reason};
use crate::api::{BatchJobStatus, LastAttempt, Phase};
use crate::job::{Attempt, JobStatus, RemoteJob};
use crate::plan::Note;
use crate::plan::rule::started::children_have_begun;
use crate::plan::rule::{deadline, keeper, place};
use crate::plan::situation::Situation;
use crate::plan::status::write::{self, NewCondition};
use crate::plan::status::{links, parts, schedulable, submitted};

/// The notes, and the status that shows the job; `None`: the status has not changed.
pub fn shown(s: &Situation<'_>, job: &RemoteJob) -> (Option<BatchJobStatus>, Vec<Note>) {
    let phase = phase(s, job);
    let status = write::status(s, says(s, job, phase), |status| write(s, status, job, phase));
    (status, notes(s, job, phase))
}

/// In AWS an array parent is PENDING while its children run. Its phase is Running, even while all children wait for
/// their next attempt. A single job that waits for its next attempt is Submitted again, because the wait may be long.
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

fn says(s: &Situation<'_>, job: &RemoteJob, phase: Phase) -> Vec<NewCondition> {
    let mut says = submitted::says(s, &job.id);
    match phase {
        Phase::Succeeded => {
            let text = format!("The job succeeded{}", kept(s));
            says.push(NewCondition::is_true(condition::COMPLETE, Reason::JobSucceeded, text));
        }
        Phase::Failed => {
            let (reason, why) = failure(s, job);
            says.push(NewCondition::is_true(condition::FAILED, reason, format!("{why}{}", kept(s))));
            says.push(NewCondition::is_true(condition::STALLED, reason, why));
        }
        _ => says.extend(schedulable::says(job)),
    }
    says
}

/// Why a job failed: the deadline that it missed, or what AWS says.
fn failure(s: &Situation<'_>, job: &RemoteJob) -> (Reason, String) {
    if let Some(missed) = deadline::missed(s, job) {
        return (missed.reason, missed.text.to_owned());
    }
    let by_queue = schedulable::was_cancelled_by_its_queue(job);
    let reason = if by_queue { Reason::JobStateTimeLimit } else { Reason::JobFailed };
    (reason, why(s, job).unwrap_or_else(|| "The job failed".to_owned()))
}

/// The text for an object whose time to live is ignored; empty for all others.
fn kept(s: &Situation<'_>) -> String {
    let ttl = s.object.spec.ttl_seconds_after_finished.and_then(|_| keeper::keeper(s.object));
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
        _ => schedulable::notes(s, job),
    };
    if job.status.is_terminal() && !kept(s).is_empty() {
        notes.push(Note::warning(Reason::TtlIgnored, kept(s).trim_start_matches(". ")));
    }
    notes
}

/// One line for a person: about the whole job, and about the part that shows why a job failed.
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

/// AWS's statusReason, and the container's reason if it adds anything.
fn why_of(job: &RemoteJob) -> Option<String> {
    let last = job.last_attempt.as_deref();
    let container = last.and_then(|attempt| attempt.reason.as_deref()).or(job.current.reason.as_deref());
    match (job.status_reason.as_deref(), container) {
        (Some(status), Some(container)) if !status.contains(container) => {
            Some(format!("{status}: {container}"))
        }
        (Some(status), _) => Some(status.to_owned()),
        (None, container) => container.map(str::to_owned),
    }
}

fn write(s: &Situation<'_>, status: &mut BatchJobStatus, job: &RemoteJob, phase: Phase) {
    status.phase = Some(phase);
    status.job_status = Some(job.status.as_str().to_owned());
    status.job_id = Some(job.id.to_string());
    status.job_name = Some(job.name.clone());
    status.job_arn = job.arn.clone().or(status.job_arn.take());
    status.job_queue.clone_from(&job.queue);
    status.job_definition.clone_from(&job.definition);
    status.reason = why(s, job);
    status.submitted_at = job.created_at.map(write::time).or(status.submitted_at.take());
    status.started_at = job.started_at.map(write::time);
    status.stopped_at = job.stopped_at.map(write::time);
    let teller = parts::teller(s, job).map_or(job, |(_, part)| part);
    status.exit_code = exit_code(teller);
    status.attempts = (job.attempts > 0).then(|| i32::try_from(job.attempts).unwrap_or(i32::MAX));
    status.last_attempt = job.last_attempt.as_deref().map(last_attempt);
    status.logs = links::logs(&s.settings.region, teller);
    status.pod = links::pod(teller);
    status.console_url = links::console(&s.settings.region, &job.id);
    status.array = parts::array(s, job);
    status.num_nodes = job.nodes.map(|nodes| nodes.number);
    status.target = status.target.take().or_else(|| Some(place::of_job(s, job.arn.as_deref())));
    (status.dependencies, status.submission) = (None, None);
}

/// The exit code of the attempt that ended last. AWS shows no code while a container runs.
fn exit_code(job: &RemoteJob) -> Option<i32> {
    job.current.exit_code.or(job.last_attempt.as_deref().and_then(|attempt| attempt.exit_code))
}

fn last_attempt(attempt: &Attempt) -> LastAttempt {
    LastAttempt {
        started_at: attempt.started_at.map(write::time),
        stopped_at: attempt.stopped_at.map(write::time),
        exit_code: attempt.exit_code,
        reason: attempt.reason.clone(),
        status_reason: attempt.status_reason.clone(),
        task_arn: attempt.task_arn.clone(),
    }
}
