//! One search for many objects: the names of all jobs of a queue, newest first, a hundred a page. The objects whose names
//! are absent have no job. The others are searched for one by one.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::aws::Batch;
use crate::job::Fault;
use crate::key::Key;
use crate::moment::Reading;
use crate::plan::Question;

/// Pages in one turn.
const PAGES: usize = 5;

/// After so many failed pages in a row the objects are searched for one by one.
const FAULTS: u32 = 5;

/// A search in progress.
#[derive(Debug)]
pub struct SharedSearch {
    /// When the search began. A job that it does not show was not visible then.
    pub asked: Reading,
    queue: String,
    /// The objects, all with jobs of this queue.
    pub questions: Vec<(Key, Question)>,
    since: Timestamp,
    /// The search ends after so many pages: to search one by one would cost as much.
    pages_left: usize,
    next: Option<String>,
    reach: Reach,
    /// The names of the objects, and whether a job has each. In lower case, since AWS compares names so.
    names: HashMap<String, bool>,
    faults: u32,
}

/// How far back all names are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Nothing,
    /// All jobs that were created after this time.
    After(Timestamp),
    All,
}

impl SharedSearch {
    /// A search that begins at `asked`. Each object would cost `pages_each` pages alone.
    pub fn new(questions: Vec<(Key, Question)>, pages_each: usize, asked: Reading) -> Self {
        let queue = questions.first().map(|(_, question)| question.queue.clone()).unwrap_or_default();
        let since = questions.iter().map(|(_, question)| question.since).min().unwrap_or_default();
        let pages_left = questions.len().saturating_mul(pages_each);
        let names = questions.iter().map(|(_, question)| (question.name.to_lowercase(), false)).collect();
        let reach = Reach::Nothing;
        Self { asked, queue, questions, since, pages_left, next: None, reach, names, faults: 0 }
    }

    /// Reads the next few pages. Returns true at the end.
    pub async fn go_on(&mut self, batch: &dyn Batch) -> bool {
        for _ in 0..PAGES {
            match self.read(batch).await {
                Ok(true) => return true,
                Ok(false) => self.faults = 0,
                Err(fault) => {
                    self.faults += 1;
                    return !fault.kind.passes_by_itself() || self.faults == FAULTS;
                }
            }
        }
        false
    }

    async fn read(&mut self, batch: &dyn Batch) -> Result<bool, Fault> {
        let page = batch.created_since(&self.queue, self.since, self.next.clone()).await?;
        if let Some(oldest) = page.jobs.iter().filter_map(|job| job.created_at).min() {
            self.reach = Reach::After(oldest);
        }
        for job in page.jobs {
            if let Some(has_a_job) = self.names.get_mut(&job.name.to_lowercase()) {
                *has_a_job = true;
            }
        }
        self.next = page.next;
        self.pages_left = self.pages_left.saturating_sub(1);
        if self.next.is_none() {
            self.reach = Reach::All;
        }
        Ok(self.next.is_none() || self.pages_left == 0)
    }

    /// The objects that surely have no job, and the others.
    pub fn split(self) -> (Vec<Key>, Vec<(Key, Question)>) {
        let Self { questions, reach, names, .. } = self;
        let is_absent = |question: &Question| {
            let is_read = match reach {
                Reach::Nothing => false,
                Reach::After(oldest) => oldest < question.since,
                Reach::All => true,
            };
            is_read && names.get(&question.name.to_lowercase()) == Some(&false)
        };
        let (absent, others): (Vec<_>, Vec<_>) =
            questions.into_iter().partition(|(_, question)| is_absent(question));
        (absent.into_iter().map(|(key, _)| key).collect(), others)
    }
}
