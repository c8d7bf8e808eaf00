//! One search for many objects: the names of all jobs of a queue, newest first. The objects whose names are absent have no
//! job. The others are searched for one by one.
//!
//! Each call lists the newest jobs before the oldest job of the call before. Tokens of pages are not used: a page may begin
//! behind a job that no page has shown.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::aws::{Batch, Names};
use crate::job::Fault;
use crate::key::Key;
use crate::moment::Reading;
use crate::plan::Question;

/// Calls in one turn.
const CALLS: usize = 5;

/// After so many failed calls in a row the objects are searched for one by one.
const FAULTS: u32 = 5;

/// The first call lists the jobs before this time from now, as AWS's clock may be ahead.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// Two calls overlap by this time, as AWS may round the time of the filter.
const OVERLAP: SignedDuration = SignedDuration::from_secs(1);

/// A search in progress.
#[derive(Debug)]
pub struct SharedSearch {
    /// When the search began. A job that it does not show was not visible then.
    pub asked: Reading,
    queue: String,
    /// The objects, all with jobs of this queue.
    pub questions: Vec<(Key, Question)>,
    since: Timestamp,
    /// The search ends after so many calls: to search one by one would cost as much.
    calls_left: usize,
    /// All jobs that were created after this time have been listed.
    reach: Timestamp,
    /// The names of the objects, and whether a job has each. In lower case, since AWS compares names so.
    names: HashMap<String, bool>,
    faults: u32,
}

impl SharedSearch {
    /// A search that begins at `asked`. Each object would cost `calls_each` calls alone.
    pub fn new(questions: Vec<(Key, Question)>, calls_each: usize, asked: Reading) -> Self {
        let queue = questions.first().map(|(_, question)| question.queue.clone()).unwrap_or_default();
        let since = questions.iter().map(|(_, question)| question.since).min().unwrap_or_default();
        let calls_left = questions.len().saturating_mul(calls_each);
        let names = questions.iter().map(|(_, question)| (question.name.to_lowercase(), false)).collect();
        let reach = asked.wall.saturating_add(AHEAD).unwrap_or(Timestamp::MAX);
        Self { asked, queue, questions, since, calls_left, reach, names, faults: 0 }
    }

    /// Makes the next few calls. Returns true at the end.
    pub async fn go_on(&mut self, batch: &dyn Batch) -> bool {
        for _ in 0..CALLS {
            let before = self.reach.saturating_add(OVERLAP).unwrap_or(Timestamp::MAX);
            match batch.created_before(&self.queue, before).await {
                Ok(names) => {
                    self.faults = 0;
                    self.calls_left = self.calls_left.saturating_sub(1);
                    let gets_on = self.take(names);
                    if !gets_on || self.reach < self.since || self.calls_left == 0 {
                        return true;
                    }
                }
                Err(fault) if self.ends_with(&fault) => return true,
                Err(_) => {}
            }
        }
        false
    }

    /// Takes the names of one call. Returns whether an older job may exist that the next call lists.
    fn take(&mut self, names: Names) -> bool {
        let oldest = names.jobs.last().map(|job| job.created_at);
        for job in names.jobs {
            if let Some(has_a_job) = self.names.get_mut(&job.name.to_lowercase()) {
                *has_a_job = true;
            }
        }
        let reach = if names.is_all { Some(Timestamp::MIN) } else { oldest };
        let gets_on = reach.is_some_and(|reach| reach < self.reach);
        self.reach = reach.map_or(self.reach, |reach| reach.min(self.reach));
        gets_on
    }

    fn ends_with(&mut self, fault: &Fault) -> bool {
        self.faults += 1;
        !fault.kind.passes_by_itself() || self.faults == FAULTS
    }

    /// The objects that surely have no job, and the others.
    pub fn split(self) -> (Vec<Key>, Vec<(Key, Question)>) {
        let Self { questions, reach, names, .. } = self;
        let is_absent = |question: &Question| {
            reach < question.since && names.get(&question.name.to_lowercase()) == Some(&false)
        };
        let (absent, others): (Vec<_>, Vec<_>) =
            questions.into_iter().partition(|(_, question)| is_absent(question));
        (absent.into_iter().map(|(key, _)| key).collect(), others)
    }
}
