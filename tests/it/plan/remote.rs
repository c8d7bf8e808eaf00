//! The object's job as AWS tells of it.

use aws_batch_operator::batch::{Accepted, Attempt, JobId, JobStatus, RemoteJob};

use super::scene::{JOB, UID, at};

/// What SubmitJob answered.
pub fn accepted() -> Accepted {
    Accepted {
        id: JobId::new(JOB).unwrap(),
        arn: Some(format!("arn:aws:batch:us-east-1:123456789012:job/{JOB}")),
    }
}

/// The object's job in `status`.
pub fn job(status: JobStatus) -> RemoteJob {
    let ended = status.is_terminal();
    let code = (ended).then_some(i32::from(status == JobStatus::Failed));
    let container = Attempt {
        exit_code: code,
        reason: (status == JobStatus::Failed).then(|| "OutOfMemoryError".to_owned()),
        log_stream: Some("sleep60/default/0123".to_owned()),
        ..Attempt::default()
    };
    RemoteJob {
        id: JobId::new(JOB).unwrap(),
        name: "example".to_owned(),
        arn: Some(format!("arn:aws:batch:us-east-1:123456789012:job/{JOB}")),
        queue: Some("arn:aws:batch:us-east-1:123456789012:job-queue/HighPriority".to_owned()),
        definition: Some("arn:aws:batch:us-east-1:123456789012:job-definition/sleep60:1".to_owned()),
        status,
        status_reason: (status == JobStatus::Failed).then(|| "Essential container in task exited".to_owned()),
        created_at: Some(at(1)),
        started_at: (ended || status == JobStatus::Running).then(|| at(10)),
        stopped_at: ended.then(|| at(70)),
        attempts: usize::from(ended),
        last_attempt: ended.then(|| Attempt {
            started_at: Some(at(10)),
            stopped_at: Some(at(70)),
            ..container.clone()
        }),
        current: container,
        array: None,
        tags: [("awsbatch.dev/uid".to_owned(), UID.to_owned())].into(),
        is_cancelled: false,
        is_terminated: false,
    }
}
