//! AWS Batch in memory, as its documentation tells it: no idempotency, reads that lag, signatures that expire.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws_batch_operator::batch::{
    ArrayCounts, Attempt, EndKind, JobId, JobStatus, JobSummary, RemoteJob, Submission,
};
use jiff::{SignedDuration, Timestamp};

use super::dice::Dice;

/// A signature is good for so long, before and after its time.
const SIGNATURE: SignedDuration = SignedDuration::from_mins(5);

/// Some jobs run so long: past every deadline, and past the end of all troubles.
const LONG: Duration = Duration::from_mins(75);

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
    /// An array: how many children it has, and which of them fail by themselves.
    children: Option<(i32, BTreeSet<i32>)>,
    /// When a request to end it was taken.
    pub ended_by_us_at: Option<Timestamp>,
    /// The kind of that request, and its reason.
    pub ended_for: Option<(EndKind, String)>,
    /// AWS no longer tells of it.
    pub is_forgotten: bool,
}

/// The service, for one account and Region.
#[derive(Debug, Default)]
pub struct Aws {
    pub jobs: Vec<Job>,
    /// Jobs run at least so long.
    pub shortest: Duration,
    /// Jobs may wait for minutes until they run.
    pub is_crowded: bool,
}

impl Job {
    /// Whether reads tell of it.
    fn is_visible(&self, now: Timestamp) -> bool {
        now >= self.visible_at && !self.is_forgotten
    }

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

    /// When it ends, or has ended.
    pub fn ends_at(&self) -> Timestamp {
        self.ends_at
    }

    /// Which children of an array have failed once it has.
    pub fn failed_children(&self) -> Option<BTreeSet<i32>> {
        let (size, failing) = self.children.as_ref()?;
        Some(if self.was_cut_short() { (0..*size).collect() } else { failing.clone() })
    }

    /// What an array's parent says of its children.
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

    fn was_cut_short(&self) -> bool {
        self.ended_by_us_at.is_some()
    }

    fn told(&self, now: Timestamp) -> RemoteJob {
        let status = self.status(now);
        let array = self.counts(status);
        RemoteJob {
            status: if array.is_some() && !status.is_terminal() { JobStatus::Pending } else { status },
            array,
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
        let runs_at = now + dice.seconds(5, if self.is_crowded { 400 } else { 60 });
        let size = request.spec.array_properties.as_ref().and_then(|array| array.size);
        let children =
            size.map(|size| (size, (0..size).filter(|_| dice.percent(15)).collect::<BTreeSet<_>>()));
        let fails = match &children {
            Some((_, failing)) => !failing.is_empty(),
            None => dice.percent(20),
        };
        let longer = if self.is_crowded && dice.percent(10) { LONG } else { Duration::ZERO };
        self.jobs.push(Job {
            id: id.clone(),
            name: request.name.clone(),
            queue: request.spec.job_queue.clone(),
            tags: request.tags.clone(),
            created_at: now,
            visible_at: now + lag,
            runs_at,
            ends_at: runs_at + self.shortest + longer + dice.seconds(10, 400),
            fails,
            children,
            ended_by_us_at: None,
            ended_for: None,
            is_forgotten: false,
        });
        Some(id)
    }

    /// Somebody else's job.
    pub fn stranger(&mut self, name: &str, now: Timestamp, dice: &mut Dice) -> JobId {
        let ends_at = now + dice.seconds(60, 600);
        let id = JobId::new(format!("job-{}", self.jobs.len() + 1)).unwrap();
        self.jobs.push(Job {
            id: id.clone(),
            name: name.to_owned(),
            queue: "queue".to_owned(),
            tags: BTreeMap::new(),
            created_at: now,
            visible_at: now,
            runs_at: now,
            ends_at,
            fails: false,
            children: None,
            ended_by_us_at: None,
            ended_for: None,
            is_forgotten: false,
        });
        id
    }

    /// What DescribeJobs tells, as of `age` ago.
    pub fn describe(&self, ids: &[JobId], age: Duration, now: Timestamp) -> Vec<RemoteJob> {
        let is_told = |job: &&Job| job.is_visible(now) && ids.contains(&job.id);
        let whole = self.jobs.iter().filter(is_told).map(|job| job.told(now - age));
        // A child tells what its parent does, but that it is one.
        let child = |id: &JobId| {
            let (parent, _) = id.as_str().split_once(':')?;
            let parent = self.jobs.iter().find(|job| job.is_visible(now) && job.id.as_str() == parent)?;
            Some(RemoteJob { id: id.clone(), array: None, ..parent.told(now - age) })
        };
        whole.chain(ids.iter().filter_map(child)).collect()
    }

    /// The failed children of an array, two a page.
    pub fn failed_children(&self, array: &JobId, from: usize) -> (Vec<JobSummary>, Option<usize>) {
        let job = self.jobs.iter().find(|job| job.id == *array);
        let failed: Vec<i32> = job.and_then(Job::failed_children).into_iter().flatten().collect();
        let child = |index: &i32| JobSummary {
            id: JobId::new(format!("{array}:{index}")).unwrap(),
            created_at: None,
            stopped_at: job.map(|job| job.ends_at),
        };
        let page = failed.iter().skip(from).take(2).map(child).collect();
        (page, (failed.len() > from + 2).then_some(from + 2))
    }

    /// What ListJobs tells, newest first: two jobs a page, and where the next begins.
    pub fn list(
        &self,
        queue: &str,
        name: &str,
        from: usize,
        now: Timestamp,
    ) -> (Vec<JobSummary>, Option<usize>) {
        let is_listed = |job: &&Job| job.is_visible(now) && job.queue == queue && job.name == name;
        let mut all: Vec<&Job> = self.jobs.iter().filter(is_listed).collect();
        all.reverse();
        let page = all.iter().skip(from).take(2);
        let jobs = page
            .map(|job| JobSummary { id: job.id.clone(), created_at: Some(job.created_at), stopped_at: None })
            .collect();
        (jobs, (all.len() > from + 2).then_some(from + 2))
    }

    /// Ends jobs; one that has ended or was never there is no error.
    pub fn end(&mut self, kind: EndKind, ids: &[JobId], reason: &str, now: Timestamp) {
        for job in self.jobs.iter_mut().filter(|job| ids.contains(&job.id)) {
            let may_end = match kind {
                EndKind::Terminate => !job.status(now).is_terminal(),
                EndKind::Cancel => job.status(now) < JobStatus::Starting,
            };
            if may_end && job.ended_by_us_at.is_none() {
                job.ended_by_us_at = Some(now);
                job.ended_for = Some((kind, reason.to_owned()));
                job.ends_at = job.ends_at.min(now + SignedDuration::from_secs(20));
            }
        }
    }
}
