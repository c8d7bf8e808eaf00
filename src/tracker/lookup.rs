//! Searches by name, looks before a cancellation, and reads of the parts of ended jobs, in the background. A few run at
//! a time, fair between namespaces, under the rate of reads. A long search lets others run after every few pages, and
//! then continues. Only jobs with all four tags of the object count.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::Notify;
use tokio::time::sleep_until;

use super::parts::inspect;
use super::search::Search;
use crate::aws::Batch;
use crate::clock::{self, Clock};
use crate::fair::Fair;
use crate::job::{Fault, Found, JobId};
use crate::key::Key;
use crate::moment::Reading;
use crate::plan::{Inspection, Look, Parts, Question};

/// How many reads run at once, so that one slow read does not hold up the others.
const AT_ONCE: usize = 4;

/// The pause between two idle searches.
const IDLE_PAUSE: Duration = Duration::from_secs(1);

/// A read for one object.
#[derive(Clone, Debug)]
pub enum Read {
    /// The jobs of the object, by name.
    Jobs(Question),
    /// The job of the object, by id.
    Job(JobId),
    /// The parts of the job.
    Parts(Parts),
}

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

/// A read, new or partly done.
#[derive(Debug)]
enum Work {
    New(Read),
    Begun(Box<Search>),
}

/// The result of one turn.
enum Progress {
    Done(Answer),
    Open(Box<Search>),
}

/// The reads of one target. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Lookups {
    waiting: Arc<Mutex<Waiting>>,
    changed: Arc<Notify>,
}

/// Each object has at most one open read, so their number is bounded.
#[derive(Debug, Default)]
struct Waiting {
    urgent: Fair,
    idle: Fair,
    reads: HashMap<Key, Work>,
    /// The objects whose read has begun. Some of these reads wait for their next turn.
    under_way: HashSet<Key>,
}

impl Lookups {
    /// Requests a read, unless a read for the object has begun.
    pub fn ask(&self, key: Key, read: Read) {
        let mut waiting = self.waiting();
        if waiting.under_way.contains(&key) {
            return;
        }
        if read.is_urgent() {
            waiting.idle.leave(&key);
            waiting.urgent.join(key.clone());
        } else if !waiting.urgent.contains(&key) {
            waiting.idle.join(key.clone());
        }
        waiting.reads.insert(key, Work::New(read));
        self.changed.notify_one();
    }

    /// Forgets all reads.
    pub fn clear(&self) {
        *self.waiting() = Waiting::default();
    }

    /// Forgets the read for a removed object.
    pub fn forget(&self, key: &Key) {
        let mut waiting = self.waiting();
        waiting.urgent.leave(key);
        waiting.idle.leave(key);
        waiting.reads.remove(key);
        waiting.under_way.remove(key);
    }

    /// Runs for ever; `answered` takes each result. When this future is dropped, its reads stay open until `clear`.
    pub async fn run(&self, batch: Arc<dyn Batch>, clock: Clock, answered: impl Fn(&Key, Answer)) {
        let mut under_way = FuturesUnordered::new();
        let mut idle_at = clock::instant();
        loop {
            while under_way.len() < AT_ONCE
                && let Some((key, work)) = self.waiting().next(|waiting| &mut waiting.urgent)
            {
                under_way.push(some(batch.as_ref(), &clock, key, work));
            }
            if under_way.is_empty()
                && clock::instant() >= idle_at
                && let Some((key, work)) = self.waiting().next(|waiting| &mut waiting.idle)
            {
                idle_at = clock::instant() + IDLE_PAUSE;
                under_way.push(some(batch.as_ref(), &clock, key, work));
            }
            let has_idle = under_way.is_empty() && !self.waiting().idle.is_empty();
            tokio::select! {
                biased;
                Some((key, progress)) = under_way.next() => match progress {
                    Progress::Open(search) => self.waiting().goes_on(key, search),
                    Progress::Done(answer) => {
                        let is_asked = self.waiting().under_way.remove(&key);
                        if is_asked {
                            answered(&key, answer);
                        }
                    }
                },
                () = self.changed.notified() => {}
                () = sleep_until(idle_at), if has_idle => {}
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Takes the next read of one queue, which has then begun.
    fn next(&mut self, waiting: impl Fn(&mut Self) -> &mut Fair) -> Option<(Key, Work)> {
        let key = waiting(self).pop()?;
        let work = self.reads.remove(&key)?;
        self.under_way.insert(key.clone());
        Some((key, work))
    }

    /// The rest of a search waits in the urgent queue, since a decision may depend on it by now. The search ends here
    /// if its object was forgotten.
    fn goes_on(&mut self, key: Key, search: Box<Search>) {
        if !self.under_way.contains(&key) {
            return;
        }
        self.urgent.join(key.clone());
        self.reads.insert(key, Work::Begun(search));
    }
}

impl Read {
    fn is_urgent(&self) -> bool {
        match self {
            Self::Jobs(question) => question.is_urgent,
            Self::Job(_) | Self::Parts(_) => true,
        }
    }
}

/// One DescribeJobs for the job.
async fn look_at(batch: &dyn Batch, clock: &Clock, job: JobId) -> Answer {
    let asked = clock.read();
    let found = batch.describe(std::slice::from_ref(&job)).await;
    let found = found.map(|jobs| jobs.into_iter().find(|found| found.id == job).map(Box::new));
    Answer::Job(Look { job, asked, found })
}

/// Makes the read. For a search, only its next few pages.
async fn some(batch: &dyn Batch, clock: &Clock, key: Key, work: Work) -> (Key, Progress) {
    let mut search = match work {
        Work::New(Read::Parts(parts)) => {
            return (key, Progress::Done(Answer::Parts(inspect(batch, &parts).await)));
        }
        Work::New(Read::Job(job)) => return (key, Progress::Done(look_at(batch, clock, job).await)),
        Work::New(Read::Jobs(question)) => Box::new(Search::new(question, clock.read())),
        Work::Begun(search) => search,
    };
    let found = match search.go_on(batch).await {
        Ok(false) => return (key, Progress::Open(search)),
        Ok(true) => Ok(search.found),
        Err(fault) => Err(fault),
    };
    (key, Progress::Done(Answer::Jobs { asked: search.asked, found }))
}
