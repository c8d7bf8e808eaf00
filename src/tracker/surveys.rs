//! Which queues are listed in a round, and which jobs are described one by one. A list of a queue costs a page for a
//! thousand jobs, those of others included, and a page at least for each state of its jobs. Pure.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::survey::{List, Listed, Survey};
use crate::aws::{DESCRIBE_MAX, Page};
use crate::job::FaultKind;
use crate::key::Key;

/// The jobs of a queue, as objects follow them.
type Jobs = Vec<Listed>;

/// A queue that was too dear to list is tried again after this time: the jobs of others may have gone. So is one that may
/// not be listed.
const TRY_AGAIN: Duration = Duration::from_mins(10);

/// A list that failed for a reason that passes by itself is tried again after this time.
const TRY_AGAIN_SOON: Duration = Duration::from_secs(30);

/// What the latest survey of a queue has cost.
#[derive(Clone, Copy, Debug)]
struct Cost {
    pages: usize,
    /// Whether the survey came to its end.
    is_listed: bool,
    /// From when on the queue is listed again, whatever the survey has cost.
    again_at: Instant,
}

/// When to list a queue.
#[derive(Clone, Copy, Debug)]
pub struct Listing {
    /// A queue with fewer followed jobs is never listed.
    pub fewest: usize,
    /// So many pages of a list cost as much as one DescribeJobs, or one search by name.
    pub pages_for_a_describe: usize,
    /// So many searches of one queue are made as one.
    pub fewest_searches: usize,
}

impl Listing {
    /// For AWS, where each call costs one read of the rate.
    pub const USUAL: Self = Self { fewest: 1_000, pages_for_a_describe: 1, fewest_searches: 10 };

    /// How many pages cost as much as to describe so many jobs.
    fn described(self, jobs: usize) -> usize {
        jobs.div_ceil(DESCRIBE_MAX) * self.pages_for_a_describe
    }
}

/// The surveys of the present round, and what earlier ones have cost.
#[derive(Debug)]
pub struct Surveys {
    listing: Listing,
    waiting: VecDeque<Survey>,
    costs: BTreeMap<String, Cost>,
}

impl Surveys {
    pub fn new(listing: Listing) -> Self {
        Self { listing, waiting: VecDeque::new(), costs: BTreeMap::new() }
    }

    pub fn is_underway(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Begins a round over these jobs, by queue. Returns the objects whose jobs are described in any case.
    pub fn begin(&mut self, queues: BTreeMap<&str, Jobs>, now: Instant) -> Vec<Arc<Key>> {
        self.costs.retain(|queue, _| queues.contains_key(queue.as_str()));
        let mut described = Vec::new();
        for (queue, jobs) in queues {
            if self.is_cheaper(queue, jobs.len(), now) {
                described.extend(self.stale(queue, &jobs, now));
                let most_pages = self.listing.described(jobs.len());
                let survey = Survey::new(queue.to_owned(), jobs, most_pages);
                match survey.next() {
                    Some(_) => self.waiting.push_back(survey),
                    None => described.extend(survey.all()),
                }
            } else {
                described.extend(jobs.into_iter().map(|job| job.key));
            }
        }
        described
    }

    /// The next page to list.
    pub fn next(&self) -> Option<List> {
        self.waiting.front().and_then(Survey::next)
    }

    /// The page that [`Surveys::next`] asked for. Returns the objects whose jobs are to be described now.
    pub fn listed(&mut self, page: Page, now: Instant) -> Vec<Arc<Key>> {
        let Some(mut survey) = self.waiting.pop_front() else { return Vec::new() };
        let mut moved = survey.listed(page);
        let is_done = survey.next().is_none();
        if !is_done && survey.pages < survey.most_pages {
            self.waiting.push_front(survey);
            return moved;
        }
        // A survey that costs more than what it saves ends here.
        let cost = Cost { pages: survey.pages, is_listed: is_done, again_at: now + TRY_AGAIN };
        self.costs.insert(survey.queue.clone(), cost);
        moved.extend(if is_done { survey.moved() } else { survey.all() });
        moved
    }

    /// The page could not be read. Returns the objects whose jobs are to be described now.
    pub fn failed(&mut self, kind: FaultKind, now: Instant) -> Vec<Arc<Key>> {
        let Some(survey) = self.waiting.pop_front() else { return Vec::new() };
        let pause = if kind.meaning().passes_by_itself { TRY_AGAIN_SOON } else { TRY_AGAIN };
        let cost = Cost { pages: usize::MAX, is_listed: false, again_at: now + pause };
        self.costs.insert(survey.queue.clone(), cost);
        survey.all()
    }

    /// Whether to list a queue with so many followed jobs. A queue that is listed stays so until listing saves less than
    /// a fifth; one that is not is listed when it would save a half.
    fn is_cheaper(&self, queue: &str, number: usize, now: Instant) -> bool {
        let described = self.listing.described(number);
        number >= self.listing.fewest
            && self.costs.get(queue).is_none_or(|cost| {
                let stays = cost.is_listed && cost.pages.saturating_mul(5) <= described * 4;
                stays || cost.pages.saturating_mul(2) <= described || cost.again_at <= now
            })
    }

    /// The jobs that are described though nothing shows a change, for a fifth of the pages at most. The oldest
    /// descriptions come first.
    fn stale(&self, queue: &str, jobs: &Jobs, now: Instant) -> Vec<Arc<Key>> {
        let pages = self.costs.get(queue).map_or(1, |cost| cost.pages);
        let most = DESCRIBE_MAX.saturating_mul((pages / 5).max(1));
        let is_due = |job: &&Listed| job.refresh_at.is_none_or(|due| due <= now);
        let mut stale: Vec<&Listed> = jobs.iter().filter(is_due).collect();
        stale.sort_by_key(|job| job.refresh_at);
        stale.into_iter().take(most).map(|job| job.key.clone()).collect()
    }
}
