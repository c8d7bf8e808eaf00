//! One look at the active jobs of a queue by ListJobs, a thousand jobs a call. It shows which followed jobs are as
//! DescribeJobs showed them last. Pure.

use std::collections::BTreeMap;

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

/// A survey in progress.
#[derive(Debug)]
pub struct Survey {
    pub queue: String,
    /// The followed jobs of the queue, and the objects that follow each.
    followed: BTreeMap<JobId, Vec<Key>>,
    /// The followed jobs that were listed, and whether every page showed them as before.
    as_before: BTreeMap<JobId, bool>,
    state: usize,
    page: Option<String>,
    /// How many pages were read.
    pub pages: usize,
}

impl Survey {
    /// A survey of the queue for these jobs.
    pub fn new(queue: String, jobs: impl IntoIterator<Item = (Key, JobId)>) -> Self {
        let mut followed: BTreeMap<JobId, Vec<Key>> = BTreeMap::new();
        for (key, id) in jobs {
            followed.entry(id).or_default().push(key);
        }
        Self { queue, followed, as_before: BTreeMap::new(), state: 0, page: None, pages: 0 }
    }

    /// How many jobs it is about.
    pub fn count(&self) -> usize {
        self.followed.len()
    }

    /// The next page; `None`: all pages were read.
    pub fn next(&self) -> Option<List> {
        let state = *STATES.get(self.state)?;
        Some(List { queue: self.queue.clone(), state, page: self.page.clone() })
    }

    /// Takes in a page. `is_as_before` compares a summary with the latest description of the job that `key` follows.
    pub fn listed(&mut self, page: Page, is_as_before: impl Fn(&Key, &JobSummary) -> bool) {
        for summary in page.jobs {
            let Some(key) = self.followed.get(&summary.id).and_then(|keys| keys.first()) else { continue };
            let same = is_as_before(key, &summary);
            self.as_before.entry(summary.id).and_modify(|before| *before &= same).or_insert(same);
        }
        self.pages += 1;
        self.page = page.next;
        self.state += usize::from(self.page.is_none());
    }

    /// The objects whose job is to be described, because its state may have changed.
    pub fn moved(self) -> Vec<Key> {
        let Self { followed, as_before, .. } = self;
        let is_moved = |id: &JobId| as_before.get(id) != Some(&true);
        followed.into_iter().filter(|(id, _)| is_moved(id)).flat_map(|(_, keys)| keys).collect()
    }

    /// All objects that it is about.
    pub fn all(self) -> Vec<Key> {
        self.followed.into_values().flatten().collect()
    }
}
