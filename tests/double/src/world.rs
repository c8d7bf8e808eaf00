//! All jobs of one account and Region. No I/O and no clock: every question brings its moment.

use std::collections::{BTreeSet, HashMap};

use crate::behaviour::Behaviour;
use crate::catalogue::Catalogue;
use crate::check::limits;
use crate::job::{Gate, Hiding, Job, Marks};
use crate::life::end;

/// AWS tells of a finished job for at least so long.
const RETENTION_MS: i64 = 7 * 24 * 3600 * 1000;

/// The account.
#[derive(Debug, Default)]
pub struct World {
    /// The queues and definitions.
    pub catalogue: Catalogue,
    /// Behaviours by job name, before those of definitions.
    pub by_name: HashMap<String, Behaviour>,
    /// How much of a second each second takes of a `sleepN` job or of a timeout.
    pub scale: f64,
    /// How long jobs hide that are accepted from now on.
    pub hiding: Hiding,
    issued: u64,
    /// In the order of acceptance, which is that of `created_at`.
    jobs: Vec<Job>,
    ids: HashMap<String, usize>,
    names: HashMap<String, Vec<usize>>,
    queues: HashMap<String, Vec<usize>>,
    dependents: HashMap<usize, Vec<usize>>,
}

impl World {
    /// An account without jobs, queues or definitions, whose seconds are `scale` of a second long.
    pub fn new(scale: f64) -> Self {
        Self { scale, ..Self::default() }
    }

    /// An id in the form of AWS's that nothing has yet.
    pub fn issue_id(&mut self, now: i64) -> String {
        self.issued += 1;
        let number = self.catalogue.home.digest() << 32 | self.issued;
        format!("{:08x}-{:04x}-4000-8000-{number:012x}", now >> 16 & 0xffff_ffff, now & 0xffff)
    }

    /// Takes in a job.
    pub fn insert(&mut self, mut job: Job) {
        let place = self.jobs.len();
        // The order of places is that of moments, even if the wall's clock is put back.
        job.created_at = job.created_at.max(self.jobs.last().map_or(0, |latest| latest.created_at));
        self.ids.insert(job.id.clone(), place);
        self.names.entry(job.name().to_lowercase()).or_default().push(place);
        self.queues.entry(job.queue.clone()).or_default().push(place);
        for dependency in &job.depends_on {
            self.dependents.entry(*dependency).or_default().push(place);
        }
        self.jobs.push(job);
        self.foresee(place);
    }

    /// All jobs ever accepted, in that order.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// The job at that place.
    pub fn at(&self, place: usize) -> &Job {
        &self.jobs[place]
    }

    /// The place of the job of that id, if AWS still tells of it at `now`.
    pub fn place(&self, id: &str, now: i64) -> Option<usize> {
        self.ids.get(id).copied().filter(|place| self.is_visible(*place, now))
    }

    /// The places of jobs by name in any case, in the order of acceptance and in any queue.
    pub fn named(&self, name: &str) -> &[usize] {
        self.names.get(&name.to_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// The places of the queue's jobs, in the order of acceptance.
    pub fn queued(&self, queue: &str) -> &[usize] {
        self.queues.get(queue).map_or(&[], Vec::as_slice)
    }

    /// Whether AWS tells of the job at `now`: accepted, and not forgotten.
    pub fn is_visible(&self, place: usize, now: i64) -> bool {
        let job = self.at(place);
        let is_kept = job.end.is_none_or(|end| now < end.at.saturating_add(RETENTION_MS));
        job.created_at <= now && is_kept && !job.is_deleted
    }

    /// Writes down what was asked for a job or one child, and what follows from it.
    pub fn mark(&mut self, place: usize, child: Option<i32>, put: impl FnOnce(&mut Marks)) {
        let job = &mut self.jobs[place];
        put(match child {
            Some(index) => job.child_marks.entry(index).or_default(),
            None => &mut job.marks,
        });
        self.foresee(place);
    }

    /// Deletes a queue and, with it, all that is known of its jobs.
    pub fn delete_queue(&mut self, name: &str) {
        self.catalogue.queues.insert(name.to_owned(), None);
        for place in self.queues.remove(name).unwrap_or_default() {
            self.jobs[place].is_deleted = true;
        }
    }

    /// Deletes all that is known of the jobs, and leaves the queues.
    pub fn forget_jobs(&mut self) {
        self.queues.clear();
        self.jobs.iter_mut().for_each(|job| job.is_deleted = true);
    }

    /// Takes all tags off all jobs.
    pub fn untag_jobs(&mut self) {
        self.jobs.iter_mut().for_each(|job| job.tags.clear());
    }

    /// Puts a tag on a job.
    pub fn tag_job(&mut self, id: &str, key: &str, value: &str) {
        let its = self.jobs.iter_mut().filter(|job| job.id == *id);
        its.for_each(|job| drop(job.tags.insert(key.to_owned(), value.to_owned())));
    }

    /// Works out the gate and the end of the job at `place`, and of those that wait for it if its end is another now.
    fn foresee(&mut self, place: usize) {
        // A job waits only for earlier ones, so each is worked out once, after all it waits for.
        let mut due = BTreeSet::from([place]);
        while let Some(place) = due.pop_first() {
            let gate = self.gate(&self.jobs[place]);
            let job = &mut self.jobs[place];
            job.gate = gate;
            let before = job.end.take();
            job.end = end(job);
            if job.end != before {
                due.extend(self.dependents.get(&place).into_iter().flatten());
            }
        }
    }

    /// The first failure closes the gate for good; else the last success opens it.
    fn gate(&self, job: &Job) -> Gate {
        if job.tags.len() > limits::TAGS {
            return Gate::Failed(job.created_at, "The job has more than 50 tags");
        }
        let ends = || job.depends_on.iter().map(|place| self.jobs[*place].end);
        let failed = ends().flatten().filter(|end| !end.is_success).map(|end| end.at).min();
        if let Some(at) = failed {
            return Gate::Failed(at, "Dependent Job failed");
        }
        let open_at = ends().try_fold(job.created_at, |latest, end| end.map(|end| latest.max(end.at)));
        open_at.map_or(Gate::Closed, Gate::Open)
    }
}
