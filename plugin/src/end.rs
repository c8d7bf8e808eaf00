//! The end of a BatchJob as an exit code.

use aws_batch_operator::api::{BatchJob, Phase};

/// The exit code of every end without one of its own.
pub const FAILED: u8 = 1;
/// The exit code of `timeout` in every shell, and of a wait that has lasted too long.
pub const TIMED_OUT: u8 = 124;

/// The exit code that tells the end of the BatchJob: 0 for success, else that of its job; `None`: it has not ended.
pub fn exit_code(job: &BatchJob) -> Option<u8> {
    let status = job.status.as_ref().filter(|_| job.has_ended())?;
    if status.phase == Some(Phase::Succeeded) {
        return Some(0);
    }
    // A job that was ended from outside may have the code of a success.
    let own = status.exit_code.and_then(|code| u8::try_from(code).ok()).filter(|code| *code != 0);
    Some(own.unwrap_or(FAILED))
}

/// One line about where the BatchJob stands.
pub fn line(job: &BatchJob) -> String {
    let status = job.status.clone().unwrap_or_default();
    let phase = status.phase.unwrap_or(Phase::Pending);
    let word = status.job_status.filter(|_| !phase.is_terminal()).map(|word| format!(" ({word})"));
    let code = status.exit_code.filter(|_| phase.is_terminal()).map(|code| format!(", exit code {code}"));
    let reason = status.reason.filter(|_| phase != Phase::Succeeded).map(|reason| format!(": {reason}"));
    format!("{phase:?}{}{}{}", word.unwrap_or_default(), code.unwrap_or_default(), reason.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use aws_batch_operator::api::{BatchJobSpec, BatchJobStatus};

    use super::*;

    fn job(phase: Phase, code: Option<i32>) -> BatchJob {
        let mut job = BatchJob::new("a", BatchJobSpec::default());
        job.status =
            Some(BatchJobStatus { phase: Some(phase), exit_code: code, ..BatchJobStatus::default() });
        job
    }

    #[test]
    fn only_a_success_is_zero() {
        for (phase, code, told) in [
            (Phase::Running, Some(1), None),
            (Phase::Succeeded, Some(0), Some(0)),
            (Phase::Succeeded, None, Some(0)),
            (Phase::Failed, Some(137), Some(137)),
            (Phase::Failed, None, Some(1)),
            (Phase::Failed, Some(0), Some(1)),
            (Phase::Failed, Some(-1), Some(1)),
            (Phase::Failed, Some(256), Some(1)),
            (Phase::Unknown, None, Some(1)),
        ] {
            assert_eq!(exit_code(&job(phase, code)), told, "{phase:?} {code:?}");
        }
        assert_eq!(exit_code(&BatchJob::new("a", BatchJobSpec::default())), None);
    }

    #[test]
    fn a_line_tells_the_phase_and_its_reason() {
        assert_eq!(line(&BatchJob::new("a", BatchJobSpec::default())), "Pending");
        assert_eq!(line(&job(Phase::Failed, Some(3))), "Failed, exit code 3");
    }
}
