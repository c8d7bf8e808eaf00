//! Searches by name, looks before a cancellation, and reads of the parts of ended jobs, in the background. A few run at
//! a time, fair between namespaces, under the rate of reads. A long search lets others run after every few pages, and
//! then continues. Many searches of one queue begin as one. Only jobs with all four tags of the object count.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::Notify;
use tokio::time::sleep_until;

use super::parts::inspect;
use super::reads::{Read, Reads, Work};
use super::search::Search;
use super::shared_search::SharedSearch;
use super::surveys::Listing;
use crate::aws::Batch;
use crate::clock::{self, Clock};
use crate::job::{Fault, Found, JobId};
use crate::key::Key;
use crate::moment::Reading;
use crate::plan::{Inspection, Look};

/// How many reads run at once, so that one slow read does not hold up the others.
const AT_ONCE: usize = 4;

/// The pause between two idle searches.
const IDLE_PAUSE: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
pub enum Answer {
    Jobs {
        /// When the search began.
        asked: Reading,
        found: Result<Found, Fault>,
    },
    Job(Look),
    /// The parts of the job.
    Parts(Inspection),
}

/// The result of one turn.
enum Progress {
    Done(Key, Answer),
    Search(Key, Search),
    SharedSearch(Box<SharedSearch>),
    /// The end of a shared search.
    Shared(SharedSearch),
}

/// The reads of one target. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Lookups {
    listing: Listing,
    reads: Arc<Mutex<Reads>>,
    changed: Arc<Notify>,
}

impl Lookups {
    /// Nothing is read until [`Lookups::run`] runs.
    pub fn new(listing: Listing) -> Self {
        Self { listing, reads: Arc::default(), changed: Arc::default() }
    }

    /// Requests a read, unless a read for the object has begun.
    pub fn ask(&self, key: Key, read: Read) {
        if self.reads().ask(key, read) {
            self.changed.notify_one();
        }
    }

    /// Forgets all reads.
    pub fn clear(&self) {
        *self.reads() = Reads::default();
    }

    /// Forgets the read for a removed object.
    pub fn forget(&self, key: &Key) {
        self.reads().forget(key);
    }

    /// Runs for ever; `answered` takes each result. When this future is dropped, its reads stay open until `clear`.
    pub async fn run(&self, batch: Arc<dyn Batch>, clock: Clock, answered: impl Fn(&Key, Answer)) {
        let mut under_way = FuturesUnordered::new();
        let mut idle_at = clock::instant();
        let fewest = self.listing.fewest_searches;
        loop {
            while under_way.len() < AT_ONCE
                && let Some((key, work)) = self.reads().next_urgent(fewest)
            {
                under_way.push(self.some(batch.as_ref(), &clock, key, work));
            }
            if under_way.is_empty()
                && clock::instant() >= idle_at
                && let Some((key, work)) = self.reads().next_idle(fewest)
            {
                idle_at = clock::instant() + IDLE_PAUSE;
                under_way.push(self.some(batch.as_ref(), &clock, key, work));
            }
            let has_idle = under_way.is_empty() && self.reads().has_idle();
            tokio::select! {
                biased;
                Some(progress) = under_way.next() => self.record(progress, &answered),
                () = self.changed.notified() => {}
                () = sleep_until(idle_at), if has_idle => {}
            }
        }
    }

    fn record(&self, progress: Progress, answered: impl Fn(&Key, Answer)) {
        match progress {
            Progress::Search(key, search) => self.reads().search_on(key, search),
            Progress::SharedSearch(search) => self.reads().share_on(search),
            Progress::Done(key, answer) => self.end(&key, answer, answered),
            Progress::Shared(search) => {
                let asked = search.asked;
                let (absent, others) = search.split();
                for (key, question) in others {
                    self.reads().search_on(key, Search::new(question, asked));
                }
                for key in absent {
                    self.end(&key, Answer::Jobs { asked, found: Ok(Found::default()) }, &answered);
                }
            }
        }
    }

    fn end(&self, key: &Key, answer: Answer, answered: impl Fn(&Key, Answer)) {
        let is_asked = self.reads().end(key);
        if is_asked {
            answered(key, answer);
        }
    }

    /// Makes the read. For a search, only its next few pages.
    async fn some(&self, batch: &dyn Batch, clock: &Clock, key: Key, work: Work) -> Progress {
        match work {
            Work::New(Read::Parts(parts)) => Progress::Done(key, Answer::Parts(inspect(batch, &parts).await)),
            Work::New(Read::Job(job)) => Progress::Done(key, look_at(batch, clock, job).await),
            Work::New(Read::Jobs(question)) => {
                search_on(batch, key, Search::new(question, clock.read())).await
            }
            Work::Search(search) => search_on(batch, key, *search).await,
            Work::Share(questions) => {
                let pages_each = self.listing.pages_for_a_describe;
                share_on(batch, Box::new(SharedSearch::new(questions, pages_each, clock.read()))).await
            }
            Work::SharedSearch(search) => share_on(batch, search).await,
        }
    }

    fn reads(&self) -> MutexGuard<'_, Reads> {
        self.reads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One DescribeJobs for the job.
async fn look_at(batch: &dyn Batch, clock: &Clock, job: JobId) -> Answer {
    let asked = clock.read();
    let found = batch.describe(std::slice::from_ref(&job)).await;
    let found = found.map(|jobs| jobs.into_iter().find(|found| found.id == job).map(Arc::new));
    Answer::Job(Look { job, asked, found })
}

async fn search_on(batch: &dyn Batch, key: Key, mut search: Search) -> Progress {
    let found = match search.go_on(batch).await {
        Ok(false) => return Progress::Search(key, search),
        Ok(true) => Ok(search.found),
        Err(fault) => Err(fault),
    };
    Progress::Done(key, Answer::Jobs { asked: search.asked, found })
}

async fn share_on(batch: &dyn Batch, mut search: Box<SharedSearch>) -> Progress {
    if search.go_on(batch).await { Progress::Shared(*search) } else { Progress::SharedSearch(search) }
}
