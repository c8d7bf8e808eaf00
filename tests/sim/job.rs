//! One job of AWS Batch in memory: it waits for others, then for compute resources, runs, and ends.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws_batch_operator::job::{
    ArrayCounts, Attempt, EndKind, JobId, JobStatus, JobSummary, Nodes, RemoteJob, Tags,
};
use jiff::{SignedDuration, Timestamp};

/// How long a job runs on after a request to end it.
const STOPPING: SignedDuration = SignedDuration::from_secs(20);

/// The exit code of a container that was killed.
const KILLED: i32 = 137;

/// The times from which reads show a job. Parts of AWS with lags of their own answer these reads.
#[derive(Clone, Copy, Debug)]
pub struct Shows {
    /// ListJobs.
    pub listed: Timestamp,
    /// DescribeJobs.
    pub described: Timestamp,
    /// The tags in DescribeJobs.
    pub tagged: Timestamp,
}

impl Shows {
    /// The same time for all reads.
    pub fn from(at: Timestamp) -> Self {
        Self { listed: at, described: at, tagged: at }
    }

    /// The time from which all reads show the whole job.
    pub fn whole_at(&self) -> Timestamp {
        self.listed.max(self.described).max(self.tagged)
    }
}

/// The request, and what AWS decides about the job when it accepts the request.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: JobId,
    pub name: String,
    pub queue: String,
    pub tags: BTreeMap<String, String>,
    pub created_at: Timestamp,
    /// The times from which reads show the job.
    pub shows: Shows,
    /// The jobs that must succeed before this job may run.
    pub depends_on: Vec<JobId>,
    /// When the last dependency succeeded; `None`: not yet, or one has failed.
    pub free_at: Option<Timestamp>,
    /// How long the job waits for compute resources, and how long it runs.
    pub takes: (Duration, Duration),
    /// How long its first attempt runs before its host is lost, and how long it waits for the second.
    pub interrupted: Option<(Duration, Duration)>,
    /// Why the job cannot be scheduled in the first half of its wait.
    pub stuck: Option<&'static str>,
    /// Whether the job fails by itself.
    pub fails: bool,
    /// For an array: the number of children, and which of them fail by themselves.
    pub children: Option<(i32, BTreeSet<i32>)>,
    /// For a multi-node parallel job: the number of nodes.
    pub nodes: Option<i32>,
    /// When AWS accepted a request to end the job.
    pub ended_by_us_at: Option<Timestamp>,
    /// The kind of that request, and its reason.
    pub ended_for: Option<(EndKind, String)>,
    /// When a dependency of the job failed.
    pub orphaned_at: Option<Timestamp>,
    /// When the job queue was removed, and the job with it.
    pub removed_at: Option<Timestamp>,
    /// AWS no longer shows the job.
    pub is_forgotten: bool,
}

impl Job {
    /// A job that begins at once and runs for this time.
    pub fn running(id: JobId, name: &str, now: Timestamp, runs: Duration) -> Self {
        Self {
            id,
            name: name.to_owned(),
            queue: "queue".to_owned(),
            tags: BTreeMap::new(),
            created_at: now,
            shows: Shows::from(now),
            depends_on: Vec::new(),
            free_at: Some(now),
            takes: (Duration::ZERO, runs),
            interrupted: None,
            stuck: None,
            fails: false,
            children: None,
            nodes: None,
            ended_by_us_at: None,
            ended_for: None,
            orphaned_at: None,
            removed_at: None,
            is_forgotten: false,
        }
    }

    /// Whether ListJobs shows the job.
    pub fn is_listed(&self, now: Timestamp) -> bool {
        now >= self.shows.listed && !self.is_forgotten
    }

    /// Whether DescribeJobs shows the job.
    pub fn is_described(&self, now: Timestamp) -> bool {
        now >= self.shows.described && !self.is_forgotten
    }

    pub fn uid(&self) -> &str {
        self.tags.get("awsbatch.dev/uid").map_or("", String::as_str)
    }

    pub fn status(&self, now: Timestamp) -> JobStatus {
        match () {
            () if now >= self.ends_at() && (self.fails || self.was_cut_short()) => JobStatus::Failed,
            () if now >= self.ends_at() => JobStatus::Succeeded,
            () if now >= self.runs_at() => JobStatus::Running,
            () if self.first_attempt().is_some_and(|(from, to)| (from..to).contains(&now)) => {
                JobStatus::Running
            }
            () if self.free_at.is_some_and(|free| now >= free) => JobStatus::Runnable,
            () => JobStatus::Pending,
        }
    }

    /// When its last attempt begins to run. After a cancellation no attempt begins.
    fn runs_at(&self) -> Timestamp {
        let (ran, waits) = self.interrupted.unwrap_or_default();
        match self.starts_at() {
            Some(starts) if !self.is_cancelled() => starts + ran + waits,
            _ => Timestamp::MAX,
        }
    }

    /// When the job starts for the first time, as planned now.
    pub fn starts_at(&self) -> Option<Timestamp> {
        Some(self.free_at? + self.takes.0)
    }

    /// An interrupted attempt, after which another attempt follows.
    fn first_attempt(&self) -> Option<(Timestamp, Timestamp)> {
        let (ran, _) = self.interrupted?;
        let starts = self.starts_at()?;
        let is_prevented = self.is_cancelled() && self.ended_by_us_at.is_some_and(|at| at < starts);
        (!is_prevented).then(|| (starts, starts + ran))
    }

    fn is_cancelled(&self) -> bool {
        matches!(self.ended_for, Some((EndKind::Cancel, _)))
    }

    /// When the job ends or ended, as planned now.
    pub fn ends_at(&self) -> Timestamp {
        let by_itself = Some(self.runs_at()).filter(|at| *at != Timestamp::MAX).map(|at| at + self.takes.1);
        let stopped = self.ended_by_us_at.map(|asked| asked + STOPPING);
        [by_itself, stopped, self.orphaned_at, self.removed_at]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(Timestamp::MAX)
    }

    /// Accepts a request to end the job.
    pub fn end(&mut self, kind: EndKind, reason: &str, now: Timestamp) {
        let may_end = match kind {
            EndKind::Terminate => !self.status(now).is_terminal(),
            EndKind::Cancel => self.status(now) < JobStatus::Starting,
        };
        if may_end && self.ended_by_us_at.is_none() {
            self.ended_by_us_at = Some(now);
            self.ended_for = Some((kind, reason.to_owned()));
        }
    }

    fn was_cut_short(&self) -> bool {
        self.ended_by_us_at.is_some() || self.orphaned_at.is_some() || self.removed_at.is_some()
    }

    /// The failed children of a failed array.
    pub fn failed_children(&self) -> Option<BTreeSet<i32>> {
        let (size, failing) = self.children.as_ref()?;
        Some(if self.was_cut_short() { (0..*size).collect() } else { failing.clone() })
    }

    /// The exit code of the container, or of the part that shows why the job ended. A job without a code never ran.
    pub fn exit_code(&self) -> Option<i32> {
        let code = if self.was_cut_short() { KILLED } else { i32::from(self.fails) };
        (self.runs_at() < self.ends_at()).then_some(code)
    }

    /// The counts of children in the array's parent.
    fn counts(&self, status: JobStatus) -> Option<ArrayCounts> {
        let (size, _) = self.children.as_ref()?;
        let failed = i32::try_from(self.failed_children()?.len()).unwrap();
        let summary = match status {
            JobStatus::Failed | JobStatus::Succeeded => {
                vec![(JobStatus::Failed, failed), (JobStatus::Succeeded, size - failed)]
            }
            going_on => vec![(going_on, *size)],
        };
        let summary = summary.into_iter().map(|(status, number)| (status.as_str().to_owned(), number));
        Some(ArrayCounts { size: *size, summary: summary.collect() })
    }

    fn status_reason(&self, status: JobStatus, now: Timestamp) -> Option<String> {
        let is_stuck = || self.free_at.is_some_and(|free| now < free + self.takes.0 / 2);
        let reason = match status {
            JobStatus::Runnable if is_stuck() => self.stuck?,
            JobStatus::Failed if self.orphaned_at.is_some() => "Dependent Job failed",
            JobStatus::Failed if self.removed_at.is_some() => "Job queue was deleted",
            _ => return None,
        };
        Some(reason.to_owned())
    }

    /// The job in the answer of DescribeJobs.
    pub fn told(&self, now: Timestamp) -> RemoteJob {
        let status = self.status(now);
        let array = self.counts(status);
        // An array's parent has no other states.
        let status = if array.is_some() && !status.is_terminal() { JobStatus::Pending } else { status };
        let has_parts = array.is_some() || self.nodes.is_some();
        let exit_code = self.exit_code().filter(|_| status.is_terminal() && !has_parts);
        RemoteJob {
            status,
            status_reason: self.status_reason(status, now),
            array,
            nodes: self.nodes.map(|number| Nodes { number, main: 0 }),
            name: self.name.clone(),
            queue: Some(self.queue.clone()),
            created_at: Some(self.created_at),
            started_at: match self.first_attempt() {
                _ if now >= self.runs_at() => Some(self.runs_at()),
                Some((from, to)) if (from..to).contains(&now) => Some(from),
                _ => None,
            },
            attempts: usize::from(self.first_attempt().is_some_and(|(_, to)| now >= to)),
            stopped_at: status.is_terminal().then(|| self.ends_at()),
            current: Attempt { exit_code, ..Attempt::default() },
            tags: if now >= self.shows.tagged { self.tags.iter().collect() } else { Tags::default() },
            is_cancelled: self.is_cancelled() && self.ended_by_us_at.is_some_and(|at| at <= now),
            is_terminated: !self.is_cancelled() && self.ended_by_us_at.is_some_and(|at| at <= now),
            ..blank(self.id.clone())
        }
    }

    /// A child or a node in the answer of DescribeJobs: like the whole job, but with the id of a part.
    pub fn part_told(&self, id: &JobId, now: Timestamp) -> RemoteJob {
        let whole = self.told(now);
        let exit_code = self.exit_code().filter(|_| whole.status.is_terminal());
        let current = Attempt { exit_code, ..Attempt::default() };
        RemoteJob { id: id.clone(), array: None, nodes: None, current, ..whole }
    }

    /// The job in the answer of ListJobs.
    pub fn listed(&self) -> JobSummary {
        JobSummary { created_at: Some(self.created_at), ..blank(self.id.clone()).summary() }
    }
}

/// A job with an id only.
pub fn blank(id: JobId) -> RemoteJob {
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
        tags: Tags::default(),
        is_cancelled: false,
        is_terminated: false,
    }
}
