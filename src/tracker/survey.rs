//! One look at the active jobs of a queue by ListJobs, a thousand jobs a call. It shows which followed jobs are as
//! DescribeJobs showed them last. Pure.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;

use crate::aws::Page;
use crate::job::{JobId, JobStatus, JobSummary};
use crate::key::Key;

/// The states in the order in which they are listed. A job that moves on while they are listed is on no page or on two,
/// and is described. So is a job that has ended.
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
    pub key: Key,
    pub id: JobId,
    /// The state and the creation time of the job in its latest description.
    pub place: Option<(JobStatus, Timestamp)>,
}

/// A survey in progress.
#[derive(Debug)]
pub struct Survey {
    pub queue: String,
    /// The followed jobs of the queue that are not described yet, and the objects that follow each.
    followed: BTreeMap<JobId, Vec<Key>>,
    /// The followed jobs that every page showed as before.
    as_before: BTreeSet<JobId>,
    /// The followed jobs in the order of the pages, if no job has moved: by the number of the state, newest first.
    expected: VecDeque<(usize, Reverse<Timestamp>, JobId)>,
    /// Whether all pages so far were newest first. AWS promises no order of lists by state.
    is_in_order: bool,
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
    pub fn new(queue: String, jobs: Vec<Listed>, most_pages: usize) -> Self {
        let mut followed: BTreeMap<JobId, Vec<Key>> = BTreeMap::new();
        let mut expected = Vec::with_capacity(jobs.len());
        for Listed { key, id, place } in jobs {
            if let Some((state, created_at)) = place {
                let number = STATES.iter().position(|listed| *listed == state).unwrap_or(STATES.len());
                expected.push((number, Reverse(created_at), id.clone()));
            }
            followed.entry(id).or_default().push(key);
        }
        expected.sort_unstable();
        Self {
            queue,
            followed,
            as_before: BTreeSet::new(),
            expected: expected.into(),
            is_in_order: true,
            state: 0,
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

    /// Takes in a page. `is_as_before` compares a summary with the latest description of the job that `key` follows.
    /// Returns the objects whose job is to be described now: the page shows a change, or leaves the job out.
    pub fn listed(&mut self, page: Page, is_as_before: impl Fn(&Key, &JobSummary) -> bool) -> Vec<Key> {
        self.observe_order(&page);
        let mut moved = Vec::new();
        for summary in page.jobs {
            let Some(key) = self.followed.get(&summary.id).and_then(|keys| keys.first()) else { continue };
            if is_as_before(key, &summary) {
                self.as_before.insert(summary.id);
            } else {
                moved.push(summary.id);
            }
        }
        self.pages += 1;
        self.page = page.next;
        moved.extend(self.passed());
        if self.page.is_none() {
            (self.state, self.oldest) = (self.state + 1, Timestamp::MAX);
        }
        moved.iter().filter_map(|id| self.followed.remove(id)).flatten().collect()
    }

    /// Compares the order of the page with newest first.
    fn observe_order(&mut self, page: &Page) {
        for summary in &page.jobs {
            let created_at = summary.created_at.unwrap_or(Timestamp::MAX);
            self.is_in_order &= created_at <= self.oldest;
            self.oldest = created_at;
        }
    }

    /// The jobs that stood on the pages so far, if they had not moved, and that no page has shown.
    fn passed(&mut self) -> Vec<JobId> {
        let reach = match self.page {
            Some(_) => (self.state, Reverse(self.oldest)),
            None => (self.state + 1, Reverse(Timestamp::MAX)),
        };
        let mut missing = Vec::new();
        while self.is_in_order
            && let Some((_, _, id)) = self.expected.pop_front_if(|(state, at, _)| (*state, *at) < reach)
        {
            if !self.as_before.contains(&id) {
                missing.push(id);
            }
        }
        missing
    }

    /// The other objects whose job is to be described, because its state may have changed.
    pub fn moved(self) -> Vec<Key> {
        let Self { followed, as_before, .. } = self;
        followed.into_iter().filter(|(id, _)| !as_before.contains(id)).flat_map(|(_, keys)| keys).collect()
    }

    /// All objects that it is about, but for those that are described already.
    pub fn all(self) -> Vec<Key> {
        self.followed.into_values().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn job(n: i64) -> JobSummary {
        JobSummary {
            id: JobId::new(n.to_string()).unwrap(),
            status: Some(JobStatus::Running),
            status_reason: None,
            created_at: Some(Timestamp::UNIX_EPOCH + SignedDuration::from_secs(n)),
            started_at: None,
            stopped_at: None,
            array: None,
            is_cancelled: false,
            is_terminated: false,
        }
    }

    fn page(jobs: &[i64], is_last: bool) -> Page {
        let next = (!is_last).then(|| "next".to_owned());
        Page { jobs: jobs.iter().copied().map(job).collect(), next }
    }

    /// Of jobs that run, and were created one after another.
    fn survey(jobs: impl Iterator<Item = i64>) -> Survey {
        let listed = |n| {
            let JobSummary { id, created_at, .. } = job(n);
            let key = Key { namespace: "team".to_owned(), name: n.to_string(), uid: String::new() };
            Listed { key, id, place: Some((JobStatus::Running, created_at.unwrap())) }
        };
        Survey::new("queue".to_owned(), jobs.map(listed).collect(), 9)
    }

    fn names(keys: Vec<Key>) -> Vec<String> {
        keys.into_iter().map(|key| key.name).collect()
    }

    #[test]
    fn a_job_that_has_left_its_page_is_described_at_once_and_only_once() {
        let mut survey = survey(1..=9);
        assert_eq!(names(survey.listed(page(&[9, 8, 6], false), |_, _| true)), ["7"]);
        // Job 5 may be on the next page: another job may have been created within its second.
        assert_eq!(names(survey.listed(page(&[5, 3], false), |key, _| key.name != "3")), ["3", "4"]);
        assert_eq!(names(survey.listed(page(&[2], true), |_, _| true)), ["1"]);
        assert_eq!(survey.next().map(|list| list.state), Some(JobStatus::Starting));
        assert_eq!(names(survey.listed(page(&[7, 3], true), |_, _| true)), [""; 0], "they are described");
        assert_eq!(names(survey.moved()), [""; 0]);
    }

    #[test]
    fn jobs_of_the_moment_of_the_last_one_on_a_page_wait_for_the_next_page() {
        let mut survey = survey([5, 5].into_iter().chain(1..=4));
        assert_eq!(names(survey.listed(page(&[5, 4], false), |_, _| true)), [""; 0]);
        assert_eq!(names(survey.listed(page(&[3, 1], false), |_, _| true)), ["2"]);
    }

    #[test]
    fn pages_in_another_order_are_judged_at_the_end_of_the_survey() {
        let mut survey = survey(1..=5);
        assert_eq!(names(survey.listed(page(&[1, 2, 3], false), |_, _| true)), [""; 0]);
        for last in [&[5][..], &[], &[], &[], &[]] {
            assert_eq!(names(survey.listed(page(last, true), |_, _| true)), [""; 0]);
        }
        assert_eq!((survey.next(), names(survey.moved())), (None, vec!["4".to_owned()]));
    }
}
