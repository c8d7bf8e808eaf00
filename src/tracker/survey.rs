//! One look at the active jobs of a queue by ListJobs, a thousand jobs a call. It shows which followed jobs are as
//! DescribeJobs showed them last. Pure.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::aws::Page;
use crate::job::{JobId, JobStatus, RemoteJob};
use crate::key::Key;

/// The states in the order in which they are listed, but for those in which no job was described last. A job that moves
/// on while they are listed is on no page or on two, and is described. So is a job that has ended, or that has come to a
/// state that is not listed.
const STATES: [JobStatus; 5] =
    [JobStatus::Running, JobStatus::Starting, JobStatus::Runnable, JobStatus::Pending, JobStatus::Submitted];

/// A ListJobs to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    pub queue: String,
    pub state: JobStatus,
    /// The token of the page; `None`: the first page.
    pub page: Option<String>,
}

/// A followed job of a queue.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The object that follows the job.
    pub key: Arc<Key>,
    /// The latest description of the job.
    pub job: Arc<RemoteJob>,
    /// When the job is described though the pages show it as before; `None`: now.
    pub refresh_at: Option<Instant>,
}

/// A job, and what the pages so far have shown of it.
#[derive(Debug)]
struct Surveyed {
    job: Arc<RemoteJob>,
    /// The objects that follow the job.
    keys: Vec<Arc<Key>>,
    shown: Shown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// No page has shown the job.
    Not,
    /// Every page that has shown the job has shown it as before.
    AsBefore,
    /// The job is to be described.
    Moved,
}

/// A place on the pages: the number of the state, and newest first.
type Place = (usize, Reverse<Timestamp>);

/// Where each job is among all jobs. Without chance, so that the work for the same jobs is the same.
type Numbers = HashMap<JobId, usize, BuildHasherDefault<DefaultHasher>>;

/// A survey in progress.
#[derive(Debug)]
pub struct Survey {
    pub queue: String,
    jobs: Vec<Surveyed>,
    /// Where each job is in `jobs`.
    numbers: Numbers,
    /// The places of the jobs if no job has moved, the next one last. The pages have passed the others.
    expected: Vec<(Place, usize)>,
    /// Whether all pages so far were newest first. AWS promises no order of lists by state.
    is_in_order: bool,
    /// By state: whether the state is listed.
    is_listed: [bool; STATES.len()],
    state: usize,
    /// The creation time of the oldest job that was listed in this state.
    oldest: Timestamp,
    page: Option<String>,
    /// How many pages were read.
    pub pages: usize,
    pub most_pages: usize,
}

impl Survey {
    /// A survey of the queue for these jobs. To describe them costs as much as `most_pages`.
    pub fn new(queue: String, listed: Vec<Listed>, most_pages: usize) -> Self {
        let mut jobs: Vec<Surveyed> = Vec::with_capacity(listed.len());
        let mut numbers = Numbers::with_capacity_and_hasher(listed.len(), BuildHasherDefault::new());
        for Listed { key, job, refresh_at: _ } in listed {
            let number = *numbers.entry(job.id.clone()).or_insert(jobs.len());
            match jobs.get_mut(number) {
                Some(surveyed) => surveyed.keys.push(key),
                None => jobs.push(Surveyed { job, keys: vec![key], shown: Shown::Not }),
            }
        }
        let places =
            jobs.iter().enumerate().filter_map(|(number, surveyed)| Some((surveyed.place()?, number)));
        let mut expected: Vec<_> = places.collect();
        expected.sort_unstable_by(|a, b| b.cmp(a));
        let is_listed = STATES.map(|state| jobs.iter().any(|surveyed| surveyed.job.status == state));
        Self {
            queue,
            jobs,
            numbers,
            expected,
            is_in_order: true,
            state: first(is_listed, 0),
            is_listed,
            oldest: Timestamp::MAX,
            page: None,
            pages: 0,
            most_pages,
        }
    }

    /// The next page; `None`: all pages were read.
    pub fn next(&self) -> Option<List> {
        let state = *STATES.get(self.state)?;
        Some(List { queue: self.queue.clone(), state, page: self.page.clone() })
    }

    /// Takes in a page. Returns the objects whose job is to be described now: the page shows a change, or leaves the job
    /// out.
    pub fn listed(&mut self, page: Page) -> Vec<Arc<Key>> {
        self.observe_order(&page);
        let mut moved = Vec::new();
        for summary in &page.jobs {
            let Some(number) = self.numbers.get(&summary.id) else { continue };
            let surveyed = &mut self.jobs[*number];
            if !surveyed.job.agrees_with(summary) {
                moved.extend(surveyed.moves());
            } else if surveyed.shown == Shown::Not {
                surveyed.shown = Shown::AsBefore;
            }
        }
        self.pages += 1;
        self.page = page.next;
        moved.extend(self.passed());
        if self.page.is_none() {
            (self.state, self.oldest) = (first(self.is_listed, self.state + 1), Timestamp::MAX);
        }
        moved
    }

    /// Compares the order of the page with newest first.
    fn observe_order(&mut self, page: &Page) {
        for summary in &page.jobs {
            let created_at = summary.created_at.unwrap_or(Timestamp::MAX);
            self.is_in_order &= created_at <= self.oldest;
            self.oldest = created_at;
        }
    }

    /// The objects whose jobs stood on the pages so far, if the jobs had not moved, and that no page has shown.
    fn passed(&mut self) -> Vec<Arc<Key>> {
        let reach = match self.page {
            Some(_) => (self.state, Reverse(self.oldest)),
            None => (self.state + 1, Reverse(Timestamp::MAX)),
        };
        let mut missing = Vec::new();
        while self.is_in_order
            && let Some((_, number)) = self.expected.pop_if(|(place, _)| *place < reach)
        {
            let surveyed = &mut self.jobs[number];
            if surveyed.shown == Shown::Not {
                missing.extend(surveyed.moves());
            }
        }
        missing
    }

    /// The other objects whose job is to be described, because its state may have changed.
    pub fn moved(self) -> Vec<Arc<Key>> {
        self.into_keys(|shown| shown == Shown::Not)
    }

    /// All objects that it is about, but for those whose jobs are described already.
    pub fn all(self) -> Vec<Arc<Key>> {
        self.into_keys(|shown| shown != Shown::Moved)
    }

    fn into_keys(self, is_wanted: impl Fn(Shown) -> bool) -> Vec<Arc<Key>> {
        self.jobs.into_iter().filter(|job| is_wanted(job.shown)).flat_map(|job| job.keys).collect()
    }
}

/// The number of the first state from this one on that is listed.
fn first(is_listed: [bool; STATES.len()], from: usize) -> usize {
    (from..STATES.len()).find(|state| is_listed[*state]).unwrap_or(STATES.len())
}

impl Surveyed {
    /// Where the pages show the job, if it has not moved.
    fn place(&self) -> Option<Place> {
        let number = STATES.iter().position(|state| *state == self.job.status).unwrap_or(STATES.len());
        Some((number, Reverse(self.job.created_at?)))
    }

    /// The job is to be described, once in a survey. Returns the objects that follow the job.
    fn moves(&mut self) -> Vec<Arc<Key>> {
        self.shown = Shown::Moved;
        std::mem::take(&mut self.keys)
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::job::{Attempt, Tags};

    /// A running job that was created in this second.
    fn job(n: i64) -> RemoteJob {
        RemoteJob {
            id: JobId::new(n.to_string()).unwrap(),
            name: String::new(),
            arn: None,
            queue: None,
            definition: None,
            status: JobStatus::Running,
            status_reason: None,
            created_at: Some(Timestamp::UNIX_EPOCH + SignedDuration::from_secs(n)),
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

    fn page(jobs: &[i64], is_last: bool) -> Page {
        let next = (!is_last).then(|| "next".to_owned());
        Page { jobs: jobs.iter().copied().map(|n| job(n).summary()).collect(), next }
    }

    fn survey(jobs: impl Iterator<Item = RemoteJob>) -> Survey {
        let listed = |job: RemoteJob| {
            let key = Key { namespace: "team".to_owned(), name: job.id.to_string(), uid: String::new() };
            Listed { key: Arc::new(key), job: Arc::new(job), refresh_at: None }
        };
        Survey::new("queue".to_owned(), jobs.map(listed).collect(), 9)
    }

    fn names(keys: Vec<Arc<Key>>) -> Vec<String> {
        keys.into_iter().map(|key| key.name.clone()).collect()
    }

    #[test]
    fn a_job_that_has_left_its_page_is_described_at_once_and_only_once() {
        let starting = RemoteJob { status: JobStatus::Starting, ..job(10) };
        let mut survey = survey((1..=9).map(job).chain([starting]));
        assert_eq!(names(survey.listed(page(&[9, 8, 6], false))), ["7"]);
        // Job 5 may be on the next page: another job may have been created within its second.
        let mut next = page(&[5, 3], false);
        next.jobs[1].is_terminated = true;
        assert_eq!(names(survey.listed(next)), ["3", "4"]);
        assert_eq!(names(survey.listed(page(&[2], true))), ["1"]);
        assert_eq!(survey.next().map(|list| list.state), Some(JobStatus::Starting));
        assert_eq!(names(survey.listed(page(&[7, 3], true))), ["10"], "the others are described");
        assert_eq!(survey.next(), None, "no job was last seen in another state");
        assert_eq!(names(survey.moved()), [""; 0]);
    }

    #[test]
    fn jobs_of_the_moment_of_the_last_one_on_a_page_wait_for_the_next_page() {
        let beside = RemoteJob { id: JobId::new("beside-4").unwrap(), ..job(4) };
        let mut survey = survey((1..=5).map(job).chain([beside]));
        assert_eq!(names(survey.listed(page(&[5, 4], false))), [""; 0]);
        assert_eq!(names(survey.listed(page(&[3, 1], false))), ["beside-4", "2"]);
    }

    #[test]
    fn pages_in_another_order_are_judged_at_the_end_of_the_survey() {
        let mut survey = survey((1..=5).map(job));
        assert_eq!(names(survey.listed(page(&[1, 2, 3], false))), [""; 0]);
        assert_eq!(names(survey.listed(page(&[5], true))), [""; 0]);
        assert_eq!((survey.next(), names(survey.moved())), (None, vec!["4".to_owned()]));
    }

    #[test]
    fn a_job_that_two_objects_follow_is_described_for_both() {
        let mut survey = survey([job(1), job(2), job(1)].into_iter());
        assert_eq!(names(survey.listed(page(&[2], true))), ["1", "1"]);
    }
}
