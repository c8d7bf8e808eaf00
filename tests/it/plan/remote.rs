//! The object's job as AWS tells of it, and its parts.

use std::collections::BTreeMap;

use aws_batch_operator::job::{
    Accepted, ArrayCounts, Attempt, Fault, FaultKind, JobId, JobStatus, Nodes, RemoteJob,
};
use aws_batch_operator::plan::{Inspected, Inspection, Owner};

use super::scene::{JOB, Scene, UID, at};

/// What SubmitJob answered.
pub fn accepted() -> Accepted {
    Accepted {
        id: JobId::new(JOB).unwrap(),
        arn: Some(format!("arn:aws:batch:us-east-1:123456789012:job/{JOB}")),
        name: Some("example".to_owned()),
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
        last_attempt: ended.then(|| {
            Box::new(Attempt { started_at: Some(at(10)), stopped_at: Some(at(70)), ..container.clone() })
        }),
        current: container,
        array: None,
        nodes: None,
        tags: tags().into_iter().collect(),
        is_cancelled: false,
        is_terminated: false,
    }
}

/// The job back in RUNNABLE, after an attempt that ended.
pub fn tried_again() -> RemoteJob {
    let ended = job(JobStatus::Failed);
    RemoteJob { attempts: 1, last_attempt: ended.last_attempt, ..job(JobStatus::Runnable) }
}

/// An array of three whose children are in these states.
pub fn children(summary: &[(&str, i32)]) -> RemoteJob {
    let summary = summary.iter().map(|(state, number)| ((*state).to_owned(), *number)).collect();
    RemoteJob { array: Some(ArrayCounts { size: 3, summary }), ..array(JobStatus::Pending, 0) }
}

/// The four tags of the object.
pub fn tags() -> BTreeMap<String, String> {
    let tags = [
        ("awsbatch.dev/uid", UID),
        ("awsbatch.dev/cluster", "cluster-1"),
        ("awsbatch.dev/namespace", "team"),
        ("awsbatch.dev/name", "example"),
    ];
    tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into()
}

/// An array of three in `status`, of which children have failed.
pub fn array(status: JobStatus, failed: i32) -> RemoteJob {
    RemoteJob {
        status_reason: Some("Array Child Job failed".to_owned()).filter(|_| status == JobStatus::Failed),
        array: Some(ArrayCounts {
            size: 3,
            summary: [("SUCCEEDED".to_owned(), 3 - failed), ("FAILED".to_owned(), failed)].into(),
        }),
        current: Attempt::default(),
        last_attempt: None,
        ..job(status)
    }
}

/// A job of four nodes in `status`, whose parent knows nothing of containers.
pub fn nodes(status: JobStatus) -> RemoteJob {
    RemoteJob {
        nodes: Some(Nodes { number: 4, main: 0 }),
        current: Attempt::default(),
        last_attempt: None,
        status_reason: None,
        ..job(status)
    }
}

/// The part of that suffix: `:1` a child, `#0` a node. It failed.
pub fn part(suffix: &str) -> RemoteJob {
    RemoteJob { id: JobId::new(format!("{JOB}{suffix}")).unwrap(), ..job(JobStatus::Failed) }
}

impl Scene {
    /// The parts of the job were read: these children failed, and this part tells.
    pub fn inspected(mut self, failed: Vec<i32>, first: Option<RemoteJob>) -> Self {
        let job = JobId::new(JOB).unwrap();
        self.inspection =
            Some(Inspection { job, found: Ok(Inspected { failed, first: first.map(Box::new) }) });
        self
    }

    /// The parts of the job could not be read.
    pub fn inspection_failed(mut self) -> Self {
        let fault = Fault::new(FaultKind::Denied, None, "not authorized to perform batch:ListJobs");
        self.inspection = Some(Inspection { job: JobId::new(JOB).unwrap(), found: Err(fault) });
        self
    }

    /// The tags of the job name another BatchJob, of which this is known.
    pub fn owned_by(mut self, owner: Owner) -> Self {
        self.owner = Some(owner);
        self
    }
}
