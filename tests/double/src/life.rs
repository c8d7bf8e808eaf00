//! What state a job is in at a moment: a function of how it was accepted, how it behaves, and what was done to it.
//! Pure: the moment is given.

use crate::catalogue::Containers;
use crate::job::{End, Gate, Job, Mark, Part, Shape};

/// A job at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// AWS's word.
    pub status: &'static str,
    /// Why, where AWS would say.
    pub status_reason: Option<String>,
    /// When the latest attempt began to run.
    pub started_at: Option<i64>,
    /// When it ended for good.
    pub stopped_at: Option<i64>,
    /// The attempts that have ended.
    pub attempts: Vec<Attempt>,
}

/// An attempt that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it began to run.
    pub started_at: i64,
    /// When it ended.
    pub stopped_at: i64,
    /// The exit code.
    pub exit_code: i32,
    /// The container's reason.
    pub reason: Option<String>,
    /// The status reason.
    pub status_reason: Option<String>,
    /// It was ended from outside, which no strategy tries again.
    is_last: bool,
}

/// Where no moment ever comes to.
const NEVER: i64 = i64::MAX;

/// What SIGKILL leaves behind.
pub const KILLED: i32 = 137;

/// How long a container takes to stop when it is terminated.
const STOPPING_MS: i64 = 300;

/// The job at `now`; an array: its parent.
pub fn life(job: &Job, now: i64) -> Life {
    match job.shape {
        Shape::Array(_) => parent(job, now),
        Shape::Single | Shape::Nodes(_) => part(job, &job.part(false), now),
    }
}

/// One part of the job at `now`.
pub fn part(job: &Job, part: &Part<'_>, now: i64) -> Life {
    let submitted_until = job.created_at.saturating_add(job.behaviour.submitted_ms);
    let open_at = match job.gate {
        Gate::Open(at) => at.max(submitted_until),
        Gate::Closed | Gate::Failed(..) => NEVER,
    };
    let blocked = match job.gate {
        Gate::Failed(at, reason) => Some((at.max(submitted_until), reason)),
        _ => None,
    };
    // A job that waits for others is cancelled only when they have ended: from then on `run` sees to it.
    let cancelled = part.cancelled.filter(|mark| mark.at < submitted_until);
    let marks = [part.terminated, cancelled].into_iter().flatten();
    let ends = marks.map(|mark| (mark.at, mark.reason.as_str())).chain(blocked);
    let end = ends.filter(|(at, _)| *at < open_at && *at <= now).min_by_key(|(at, _)| *at);
    match end {
        Some((at, reason)) => Life::failed(at, reason, Vec::new()),
        None if now < submitted_until => Life::waiting("SUBMITTED"),
        None if now < open_at => Life::waiting("PENDING"),
        None => run(job, part, open_at, now),
    }
}

/// From the moment it becomes RUNNABLE: attempt after attempt.
fn run(job: &Job, part: &Part<'_>, mut runnable_at: i64, now: i64) -> Life {
    let behaviour = &job.behaviour;
    let mut attempts = Vec::new();
    loop {
        let starting_at = match behaviour.stuck {
            Some(_) => runnable_at.saturating_add(behaviour.stuck_ms),
            None => runnable_at.saturating_add(behaviour.runnable_ms),
        };
        let marks = [part.terminated, part.cancelled].into_iter().flatten();
        let mark = marks.filter(|mark| mark.at < starting_at).min_by_key(|mark| mark.at);
        if let Some(mark) = mark.filter(|mark| mark.at <= now) {
            return Life::failed(mark.at.max(runnable_at), &mark.reason, attempts);
        }
        if now < starting_at {
            return Life { status_reason: behaviour.stuck.clone(), attempts, ..Life::waiting("RUNNABLE") };
        }
        let running_at = starting_at.saturating_add(behaviour.starting_ms);
        let unborn = part.terminated.filter(|mark| mark.at < running_at);
        if let Some(mark) = unborn.filter(|mark| mark.at + STOPPING_MS <= now) {
            return Life::failed(mark.at + STOPPING_MS, &mark.reason, attempts);
        }
        if now < running_at || unborn.is_some() {
            return Life { attempts, ..Life::waiting("STARTING") };
        }
        let attempt = attempt(job, part, running_at, attempts.len());
        if now < attempt.stopped_at {
            return Life { started_at: Some(running_at), attempts, ..Life::waiting("RUNNING") };
        }
        runnable_at = attempt.stopped_at;
        attempts.push(attempt.clone());
        let reason = attempt.reason.as_deref().unwrap_or_default();
        let status_reason = attempt.status_reason.as_deref().unwrap_or_default();
        let ended = attempts.len();
        let goes_on = || job.retry.goes_on(ended, attempt.exit_code, reason, status_reason);
        if attempt.exit_code == 0 || attempt.is_last || !goes_on() {
            return Life::finished(&attempt, attempts);
        }
    }
}

/// How the attempt that runs from `running_at` ends, after so many others.
fn attempt(job: &Job, part: &Part<'_>, running_at: i64, earlier: usize) -> Attempt {
    let behaviour = &job.behaviour;
    let exits_at = running_at.saturating_add(behaviour.running_ms);
    let expires_at = job.timeout_ms.map_or(NEVER, |timeout| running_at.saturating_add(timeout));
    let killed_at = part.terminated.map_or(NEVER, |mark| mark.at + STOPPING_MS);
    let killed = |stopped_at: i64, status_reason: &str| Attempt {
        started_at: running_at,
        stopped_at,
        exit_code: KILLED,
        reason: None,
        status_reason: Some(status_reason.to_owned()),
        is_last: true,
    };
    match part.terminated {
        Some(mark) if killed_at < exits_at.min(expires_at) => return killed(killed_at, &mark.reason),
        _ if expires_at < exits_at => return killed(expires_at, "Job attempt duration exceeded timeout"),
        _ => {}
    }
    let is_early = usize::try_from(behaviour.failing_attempts).is_ok_and(|failing| earlier < failing);
    let exit_code = if part.fails || is_early { 1 } else { behaviour.exit_code };
    Attempt {
        started_at: running_at,
        stopped_at: exits_at,
        exit_code,
        reason: behaviour.reason.clone().filter(|_| exit_code != 0),
        // Amazon ECS's words: a pod that comes to its end has none.
        status_reason: (!matches!(job.containers, Containers::Pod(_)))
            .then(|| "Essential container in task exited".to_owned()),
        is_last: part.terminated.is_some_and(|mark| mark.at < exits_at),
    }
}

/// An array's parent knows three states: not begun, begun, ended.
fn parent(job: &Job, now: i64) -> Life {
    let Some(end) = job.end.filter(|end| end.at <= now) else {
        let is_submitted = now < job.created_at.saturating_add(job.behaviour.submitted_ms);
        return Life::waiting(if is_submitted { "SUBMITTED" } else { "PENDING" });
    };
    if end.is_success {
        return Life { stopped_at: Some(end.at), ..Life::waiting("SUCCEEDED") };
    }
    let asked = [&job.marks.terminated, &job.marks.cancelled].into_iter().flatten().next();
    let reason = match (asked, &job.gate) {
        (Some(Mark { reason, .. }), _) => reason,
        (None, Gate::Failed(_, reason)) => *reason,
        (None, _) => "Array Child Job failed",
    };
    Life::failed(end.at, reason, Vec::new())
}

/// When the job ends and whether well, if nothing more is done to it; an array: with its last child.
pub fn end(job: &Job) -> Option<End> {
    let mut last = End { at: 0, is_success: true };
    for (each, _) in job.parts() {
        // A job of which the last moment does not know the end has none.
        let life = part(job, &each, NEVER - 1);
        let at = life.stopped_at?;
        last = End { at: last.at.max(at), is_success: last.is_success && life.status == "SUCCEEDED" };
    }
    Some(last)
}

impl Life {
    fn waiting(status: &'static str) -> Self {
        Self { status, status_reason: None, started_at: None, stopped_at: None, attempts: Vec::new() }
    }

    fn failed(at: i64, reason: &str, attempts: Vec<Attempt>) -> Self {
        Self {
            status_reason: Some(reason.to_owned()),
            stopped_at: Some(at),
            attempts,
            ..Self::waiting("FAILED")
        }
    }

    /// The last attempt decides.
    fn finished(last: &Attempt, attempts: Vec<Attempt>) -> Self {
        Self {
            status: if last.exit_code == 0 { "SUCCEEDED" } else { "FAILED" },
            status_reason: last.status_reason.clone(),
            started_at: Some(last.started_at),
            stopped_at: Some(last.stopped_at),
            attempts,
        }
    }

    /// The number of the latest attempt, counted from 0, and how it ended; `None`: none has run yet.
    pub fn latest(&self) -> Option<(usize, Option<&Attempt>)> {
        match (self.status, self.attempts.len()) {
            ("RUNNING", number) => Some((number, None)),
            (_, ended) => Some((ended.checked_sub(1)?, self.attempts.last())),
        }
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        matches!(self.status, "SUCCEEDED" | "FAILED")
    }
}
