//! AWS Batch in memory, as its documentation tells it: no idempotency, reads that lag, signatures that expire.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_batch_operator::batch::{Attempt, EndKind, JobId, JobStatus, JobSummary, RemoteJob, Submission};
use jiff::{SignedDuration, Timestamp};

use super::dice::Dice;

/// A signature is good for so long, before and after its time.
const SIGNATURE: SignedDuration = SignedDuration::from_mins(5);

/// One job.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: JobId,
    pub name: String,
    pub queue: String,
    pub tags: BTreeMap<String, String>,
    pub created_at: Timestamp,
    /// From when ListJobs and DescribeJobs tell of it.
    pub visible_at: Timestamp,
    runs_at: Timestamp,
    ends_at: Timestamp,
    fails: bool,
    /// When a request to end it was taken.
    pub ended_by_us_at: Option<Timestamp>,
}

/// The service, for one account and Region.
#[derive(Debug, Default)]
pub struct Aws {
    pub jobs: Vec<Job>,
    /// Jobs run at least so long.
    pub shortest: Duration,
}

impl Job {
    pub fn uid(&self) -> &str {
        self.tags.get("awsbatch.dev/uid").map_or("", String::as_str)
    }

    pub fn status(&self, now: Timestamp) -> JobStatus {
        match () {
            () if now >= self.ends_at && (self.fails || self.was_cut_short()) => JobStatus::Failed,
            () if now >= self.ends_at => JobStatus::Succeeded,
            () if now >= self.runs_at => JobStatus::Running,
            () => JobStatus::Runnable,
        }
    }

    fn was_cut_short(&self) -> bool {
        self.ended_by_us_at.is_some()
    }

    fn told(&self, now: Timestamp) -> RemoteJob {
        let status = self.status(now);
        RemoteJob {
            status,
            name: self.name.clone(),
            queue: Some(self.queue.clone()),
            created_at: Some(self.created_at),
            started_at: (now >= self.runs_at).then_some(self.runs_at),
            stopped_at: status.is_terminal().then_some(self.ends_at),
            current: Attempt {
                exit_code: status.is_terminal().then_some(i32::from(self.fails)),
                ..Attempt::default()
            },
            tags: self.tags.clone(),
            is_terminated: self.ended_by_us_at.is_some_and(|at| at <= now),
            ..blank(self.id.clone())
        }
    }
}

/// A job of which nothing is known.
fn blank(id: JobId) -> RemoteJob {
    RemoteJob {
        id,
        name: String::new(),
        arn: None,
        queue: None,
        definition: None,
        status: JobStatus::Submitted,
        status_reason: None,
        created_at: None,
        started_at: None,
        stopped_at: None,
        current: Attempt::default(),
        attempts: 0,
        last_attempt: None,
        array: None,
        nodes: None,
        tags: BTreeMap::new(),
        is_cancelled: false,
        is_terminated: false,
    }
}

impl Aws {
    /// Takes a job, unless the request's signature is too old or too new.
    pub fn submit(
        &mut self,
        request: &Submission,
        signed_at: Timestamp,
        (lag, now): (Duration, Timestamp),
        dice: &mut Dice,
    ) -> Option<JobId> {
        if now.duration_since(signed_at).abs() >= SIGNATURE {
            return None;
        }
        let id = JobId::new(format!("job-{}", self.jobs.len() + 1)).unwrap();
        let runs_at = now + dice.seconds(5, 60);
        self.jobs.push(Job {
            id: id.clone(),
            name: request.name.clone(),
            queue: request.spec.job_queue.clone(),
            tags: request.tags.clone(),
            created_at: now,
            visible_at: now + lag,
            runs_at,
            ends_at: runs_at + self.shortest + dice.seconds(10, 400),
            fails: dice.percent(20),
            ended_by_us_at: None,
        });
        Some(id)
    }

    /// Somebody else's job.
    pub fn stranger(&mut self, name: &str, now: Timestamp, dice: &mut Dice) {
        let ends_at = now + dice.seconds(60, 600);
        self.jobs.push(Job {
            id: JobId::new(format!("job-{}", self.jobs.len() + 1)).unwrap(),
            name: name.to_owned(),
            queue: "queue".to_owned(),
            tags: BTreeMap::new(),
            created_at: now,
            visible_at: now,
            runs_at: now,
            ends_at,
            fails: false,
            ended_by_us_at: None,
        });
    }

    /// What DescribeJobs tells, as of `age` ago.
    pub fn describe(&self, ids: &[JobId], age: Duration, now: Timestamp) -> Vec<RemoteJob> {
        let is_told = |job: &&Job| now >= job.visible_at && ids.contains(&job.id);
        self.jobs.iter().filter(is_told).map(|job| job.told(now - age)).collect()
    }

    /// What ListJobs tells, newest first: two jobs a page, and where the next begins.
    pub fn list(
        &self,
        queue: &str,
        name: &str,
        from: usize,
        now: Timestamp,
    ) -> (Vec<JobSummary>, Option<usize>) {
        let is_listed = |job: &&Job| now >= job.visible_at && job.queue == queue && job.name == name;
        let mut all: Vec<&Job> = self.jobs.iter().filter(is_listed).collect();
        all.reverse();
        let page = all.iter().skip(from).take(2);
        let jobs = page
            .map(|job| JobSummary { id: job.id.clone(), created_at: Some(job.created_at), stopped_at: None })
            .collect();
        (jobs, (all.len() > from + 2).then_some(from + 2))
    }

    /// Ends jobs; one that has ended or was never there is no error.
    pub fn end(&mut self, kind: EndKind, ids: &[JobId], now: Timestamp) {
        for job in self.jobs.iter_mut().filter(|job| ids.contains(&job.id)) {
            let may_end = match kind {
                EndKind::Terminate => !job.status(now).is_terminal(),
                EndKind::Cancel => job.status(now) < JobStatus::Starting,
            };
            if may_end && job.ended_by_us_at.is_none() {
                job.ended_by_us_at = Some(now);
                job.ends_at = job.ends_at.min(now + SignedDuration::from_secs(20));
            }
        }
    }
}
