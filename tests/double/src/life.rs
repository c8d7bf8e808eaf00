//! What state a job is in at a moment: a function of how it was accepted, how it behaves, and what was done to it.

use crate::job::Job;

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
    pub attempts: Vec<Ended>,
    /// The exit code and reason of the container, once an attempt has ended.
    pub exit_code: Option<i32>,
}

/// An attempt that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// When it began to run.
    pub started_at: i64,
    /// When it ended.
    pub stopped_at: i64,
    /// The exit code.
    pub exit_code: i32,
    /// The container's reason.
    pub reason: Option<String>,
    /// The status reason.
    pub status_reason: String,
}

/// What a job's dependencies allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// It may go on since then.
    Open(i64),
    /// Some have not ended.
    Closed,
    /// One failed then.
    Failed(i64),
}

const DONE: &str = "Essential container in task exited";

/// How long a container takes to stop when it is terminated.
const STOPPING_MS: i64 = 300;

/// The job at `now`. `fails` says whether a child of an array is one that fails.
pub fn life(job: &Job, gate: Gate, fails: bool, now: i64) -> Life {
    let submitted_until = job.created_at + job.behaviour.submitted_ms;
    let ended_early = [&job.terminated, &job.cancelled].into_iter().flatten().min_by_key(|(at, _)| *at);
    let open_at = match gate {
        Gate::Failed(at) if at <= now => {
            return failed_at(at.max(submitted_until), "Dependent Job failed", Vec::new(), None);
        }
        Gate::Open(at) => at.max(submitted_until),
        _ => i64::MAX,
    };
    if let Some((at, reason)) = ended_early.filter(|(at, _)| *at <= open_at) {
        return match () {
            () if *at <= now => failed_at(*at, reason, Vec::new(), None),
            () if now < submitted_until => waiting("SUBMITTED"),
            () => waiting("PENDING"),
        };
    }
    if now < submitted_until {
        return waiting("SUBMITTED");
    }
    if now < open_at {
        return waiting("PENDING");
    }
    run(job, open_at, fails, now)
}

/// From the moment the job becomes RUNNABLE.
fn run(job: &Job, open_at: i64, fails: bool, now: i64) -> Life {
    let behaviour = &job.behaviour;
    let mut attempts = Vec::new();
    let mut runnable_at = open_at;
    loop {
        let starting_at = match behaviour.stuck {
            Some(_) => i64::MAX,
            None => runnable_at + behaviour.runnable_ms,
        };
        if let Some((at, reason)) = before(job, starting_at, true).filter(|(at, _)| *at <= now) {
            return failed_at((*at).max(runnable_at), reason, attempts, None);
        }
        if now < starting_at {
            let mut life = waiting("RUNNABLE");
            life.status_reason.clone_from(&behaviour.stuck);
            life.attempts = attempts;
            return life;
        }
        let running_at = starting_at + behaviour.starting_ms;
        let attempt = attempt(job, running_at, u32::try_from(attempts.len()).unwrap_or(u32::MAX), fails);
        if let Some((at, reason)) = before(job, attempt.stopped_at, false) {
            let stopped = (*at).max(starting_at) + STOPPING_MS;
            if now >= stopped {
                return failed_at(stopped, reason, attempts, Some(running_at));
            }
        }
        if now < attempt.stopped_at {
            return Life {
                status: if now < running_at { "STARTING" } else { "RUNNING" },
                started_at: (now >= running_at).then_some(running_at),
                attempts,
                ..waiting("RUNNING")
            };
        }
        let timed_out = attempt.status_reason != DONE;
        attempts.push(attempt.clone());
        let reason = attempt.reason.as_deref().unwrap_or_default();
        let retries =
            || job.retry.goes_on(count(&attempts), attempt.exit_code, reason, &attempt.status_reason);
        if attempt.exit_code == 0 || timed_out || !retries() {
            return finished(attempt, attempts);
        }
        runnable_at = attempt.stopped_at;
    }
}

/// The last attempt decides.
fn finished(last: Ended, attempts: Vec<Ended>) -> Life {
    Life {
        status: if last.exit_code == 0 { "SUCCEEDED" } else { "FAILED" },
        status_reason: Some(last.status_reason),
        started_at: Some(last.started_at),
        stopped_at: Some(last.stopped_at),
        exit_code: Some(last.exit_code),
        attempts,
    }
}

fn count(attempts: &[Ended]) -> u32 {
    u32::try_from(attempts.len()).unwrap_or(u32::MAX)
}

/// The request that ended the job before `moment`; a cancel counts only before STARTING.
fn before(job: &Job, moment: i64, cancels: bool) -> Option<&(i64, String)> {
    let terminated = job.terminated.as_ref().filter(|(at, _)| *at < moment);
    terminated.or(job.cancelled.as_ref().filter(|(at, _)| cancels && *at < moment))
}

fn attempt(job: &Job, running_at: i64, earlier: u32, fails: bool) -> Ended {
    let behaviour = &job.behaviour;
    let failing = fails || earlier < behaviour.failing_attempts;
    let ends_at = running_at.saturating_add(behaviour.running_ms);
    if let Some(timeout) = job.timeout_ms.filter(|timeout| *timeout < behaviour.running_ms) {
        return Ended {
            started_at: running_at,
            stopped_at: running_at + timeout,
            exit_code: 137,
            reason: None,
            status_reason: "Job attempt duration exceeded timeout".to_owned(),
        };
    }
    Ended {
        started_at: running_at,
        stopped_at: ends_at,
        exit_code: if failing { 1 } else { behaviour.exit_code },
        reason: behaviour.reason.clone(),
        status_reason: DONE.to_owned(),
    }
}

fn waiting(status: &'static str) -> Life {
    Life {
        status,
        status_reason: None,
        started_at: None,
        stopped_at: None,
        attempts: Vec::new(),
        exit_code: None,
    }
}

fn failed_at(at: i64, reason: &str, attempts: Vec<Ended>, started_at: Option<i64>) -> Life {
    Life {
        status: "FAILED",
        status_reason: Some(reason.to_owned()),
        started_at,
        stopped_at: Some(at),
        attempts,
        exit_code: None,
    }
}

/// When the job ends for good and whether well, if nothing more is done to it; `None`: never.
pub fn end(job: &Job, gate: Gate, fails: bool) -> Option<(i64, bool)> {
    // Nothing that ends lasts beyond this, and what lasts beyond it does not end.
    let last = life(job, gate, fails, i64::MAX / 8);
    Some((last.stopped_at?, last.status == "SUCCEEDED"))
}
