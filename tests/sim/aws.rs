//! AWS Batch in memory, as documented: no idempotency, reads that lag, signatures that expire, jobs with dependencies.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::api::JobDependency;
use aws_batch_operator::aws::{NamedJob, Names};
use aws_batch_operator::job::{EndKind, JobId, JobStatus, JobSummary, RemoteJob, Submission};
use jiff::{SignedDuration, Timestamp};

use super::dice::Dice;
use super::job::{Job, Shows, blank};
use super::recent::Recent;
use super::sdk::Account;

/// A signature is valid for this time, before and after its own time.
const SIGNATURE: SignedDuration = SignedDuration::from_mins(5);

/// Some jobs run for this time: past every deadline, and past the end of all troubles.
const LONG: Duration = Duration::from_mins(75);

/// Some jobs run for this time, in worlds that last long enough.
const MORE_THAN_A_DAY: Duration = Duration::from_hours(26);

/// What keeps jobs from running.
const OBSTACLES: [&str; 2] =
    ["MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT", "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY"];

/// The service, for one account and Region.
#[derive(Debug, Default)]
pub struct Aws {
    pub jobs: Vec<Job>,
    /// The shortest time that a job runs.
    pub shortest: Duration,
    /// Whether jobs may wait for minutes before they run, with a statusReason.
    pub is_crowded: bool,
    /// The double, if it is the service. The judge then sees the jobs of the double.
    pub account: Option<Arc<Account>>,
    /// Some jobs run for longer than a day.
    pub has_days: bool,
    /// How far its clock is from the truth.
    pub clock: SignedDuration,
    /// The prefix of its job ids: eight hexadecimal digits.
    prefix: &'static str,
    /// The requests of SubmitJob that arrived.
    pub arrivals: Recent,
}

impl Aws {
    pub fn new(prefix: &'static str) -> Self {
        Self { prefix, ..Self::default() }
    }

    fn id(&self) -> JobId {
        JobId::new(format!("{}-0000-4000-8000-{:012}", self.prefix, self.jobs.len() + 1)).unwrap()
    }

    /// Whether the id may be that of a job of this account.
    pub fn may_have(&self, id: &JobId) -> bool {
        self.account.is_some() || id.as_str().starts_with(self.prefix)
    }

    fn find(&self, id: &str) -> Option<&Job> {
        self.jobs.iter().find(|job| job.id.as_str() == id)
    }

    /// Frees the jobs whose dependencies have succeeded, and fails the jobs with a failed dependency. A job depends
    /// only on earlier jobs.
    pub fn advance(&mut self, now: Timestamp) {
        if let Some(account) = &self.account {
            self.jobs = account.jobs();
            return;
        }
        for place in 0..self.jobs.len() {
            let job = &self.jobs[place];
            if job.free_at.is_some() || now >= job.ends_at() {
                continue;
            }
            let others: Vec<&Job> = job.depends_on.iter().filter_map(|id| self.find(id.as_str())).collect();
            let failed = others.iter().filter(|other| other.status(now) == JobStatus::Failed);
            let failed_at = failed.map(|other| other.ends_at()).min();
            let have_succeeded = others.iter().all(|other| other.status(now) == JobStatus::Succeeded);
            let freed_at = others.iter().map(|other| other.ends_at()).max().filter(|_| have_succeeded);
            let job = &mut self.jobs[place];
            job.orphaned_at = failed_at.map(|at| at.max(job.created_at));
            job.free_at = freed_at.map(|at| at.max(job.created_at));
        }
    }

    /// Accepts a job, unless the request's signature is too old or too new.
    pub fn submit(
        &mut self,
        request: &Submission,
        signed_at: Timestamp,
        (shows, now): (Shows, Timestamp),
        dice: &mut Dice,
    ) -> Option<JobId> {
        if (now + self.clock).duration_since(signed_at).abs() >= SIGNATURE {
            return None;
        }
        let spec = &request.spec;
        let id = self.id();
        let waits = dice.seconds(5, if self.is_crowded { 400 } else { 60 });
        let size = spec.array_properties.as_ref().and_then(|array| array.size);
        let children =
            size.map(|size| (size, (0..size).filter(|_| dice.percent(15)).collect::<BTreeSet<_>>()));
        let fails = match &children {
            Some((_, failing)) => !failing.is_empty(),
            None => dice.percent(20),
        };
        let longer = match () {
            () if self.has_days && dice.percent(40) => MORE_THAN_A_DAY,
            () if self.is_crowded && dice.percent(10) => LONG,
            () => Duration::ZERO,
        };
        let runs = self.shortest + longer + dice.seconds(10, 400);
        let is_interrupted = self.is_crowded && children.is_none() && dice.percent(20);
        // This is long enough for every request to cancel that was made before the start to arrive during this attempt.
        let interrupted = is_interrupted.then(|| (dice.seconds(600, 900), dice.seconds(60, 400)));
        let depends_on: Vec<JobId> = spec.depends_on.iter().flatten().map(named).collect();
        self.jobs.push(Job {
            queue: spec.job_queue.clone(),
            tags: request.tags.clone(),
            shows,
            free_at: depends_on.is_empty().then_some(now),
            depends_on,
            takes: (waits, runs),
            interrupted,
            stuck: (self.is_crowded && dice.percent(30)).then(|| *dice.pick(&OBSTACLES)),
            fails,
            children,
            nodes: spec.node_overrides.as_ref().and_then(|nodes| nodes.num_nodes),
            ..Job::running(id.clone(), &request.name, now, runs)
        });
        Some(id)
    }

    /// A job of another owner.
    pub fn stranger(&mut self, name: &str, now: Timestamp, dice: &mut Dice) -> JobId {
        if let Some(account) = &self.account {
            return account.stranger(name, dice);
        }
        let id = self.id();
        self.jobs.push(Job::running(id.clone(), name, now, dice.seconds(60, 600)));
        id
    }

    /// The queue is removed: AWS ends the jobs in it.
    pub fn remove_queue(&mut self, now: Timestamp) {
        for job in self.jobs.iter_mut().filter(|job| !job.status(now).is_terminal()) {
            job.removed_at = Some(now);
        }
    }

    /// The answer of DescribeJobs by the view at `seen_at`, for jobs that ran until `as_of`.
    pub fn describe(&self, ids: &[JobId], as_of: Timestamp, seen_at: Timestamp) -> Vec<RemoteJob> {
        let told = |id: &JobId| {
            let whole = id.as_str().split([':', '#']).next()?;
            let job = self.find(whole).filter(|job| job.is_described(seen_at))?;
            let told = if whole == id.as_str() { job.told(as_of) } else { job.part_told(id, as_of) };
            Some(self.in_its_time(told))
        };
        ids.iter().filter_map(told).collect()
    }

    /// Shifts the times of the job to AWS's clock.
    fn in_its_time(&self, told: RemoteJob) -> RemoteJob {
        let shown = |at: Option<Timestamp>| at.map(|at| at + self.clock);
        RemoteJob {
            created_at: shown(told.created_at),
            started_at: shown(told.started_at),
            stopped_at: shown(told.stopped_at),
            ..told
        }
    }

    /// The failed children of an array, two a page.
    pub fn failed_children(&self, array: &JobId, from: usize) -> (Vec<JobSummary>, Option<usize>) {
        let job = self.find(array.as_str());
        let failed: Vec<i32> = job.and_then(Job::failed_children).into_iter().flatten().collect();
        let child = |index: &i32| {
            let id = JobId::new(format!("{array}:{index}")).unwrap();
            JobSummary { stopped_at: job.map(Job::ends_at), ..blank(id).summary() }
        };
        let page = failed.iter().skip(from).take(2).map(child).collect();
        (page, (failed.len() > from + 2).then_some(from + 2))
    }

    /// The answer of ListJobs by the view at `seen_at`, newest first: two jobs a page, and the start of the next page.
    pub fn list(
        &self,
        queue: &str,
        name: &str,
        from: usize,
        seen_at: Timestamp,
    ) -> (Vec<JobSummary>, Option<usize>) {
        let is_listed = |job: &&Job| job.is_listed(seen_at) && job.queue == queue && job.name == name;
        let mut all: Vec<&Job> = self.jobs.iter().filter(is_listed).collect();
        all.reverse();
        let page = all.iter().skip(from).take(2).map(|job| job.listed()).collect();
        (page, (all.len() > from + 2).then_some(from + 2))
    }

    /// The answer of ListJobs by time by the view at `seen_at`: the two newest jobs before that time.
    pub fn list_before(&self, queue: &str, before: Timestamp, seen_at: Timestamp) -> Names {
        let is_listed = |job: &&Job| job.is_listed(seen_at) && job.queue == queue && job.created_at < before;
        let named = |job: &Job| NamedJob { name: job.name.clone(), created_at: job.created_at };
        let mut jobs: Vec<_> = self.jobs.iter().filter(is_listed).map(named).collect();
        jobs.sort_by_key(|job| Reverse(job.created_at));
        let is_all = jobs.len() <= 2;
        jobs.truncate(2);
        Names { jobs, is_all }
    }

    /// The answer of ListJobs by state, for jobs that ran until `as_of`: two jobs a page, and the start of the next page.
    /// Jobs that move on meanwhile are on two pages, or on none.
    pub fn list_of_state(
        &self,
        (queue, state): (&str, JobStatus),
        from: usize,
        (as_of, seen_at): (Timestamp, Timestamp),
    ) -> (Vec<JobSummary>, Option<usize>) {
        let listed = self.jobs.iter().filter(|job| job.is_listed(seen_at) && job.queue == queue);
        let told = listed.map(|job| self.in_its_time(job.told(as_of)));
        let all: Vec<_> = told.filter(|job| job.status == state).map(|job| job.summary()).collect();
        let page = all.iter().rev().skip(from).take(2).cloned().collect();
        (page, (all.len() > from + 2).then_some(from + 2))
    }

    /// Ends jobs. A job that has ended or never existed is no error.
    pub fn end(&mut self, kind: EndKind, ids: &[JobId], reason: &str, now: Timestamp) {
        for job in self.jobs.iter_mut().filter(|job| ids.contains(&job.id)) {
            job.end(kind, reason, now);
        }
    }
}

/// The job id of a dependency. AWS knows no other kind.
fn named(dependency: &JobDependency) -> JobId {
    JobId::new(dependency.job_id.clone().unwrap()).unwrap()
}
