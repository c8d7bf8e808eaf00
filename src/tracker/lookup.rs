//! Looks for lost jobs by name, at jobs that are to be cancelled, and at the parts of ended ones, in the background: a few at
//! a time, fair between namespaces, each call under the rate of reads. A look through many jobs of one name lets others go
//! first every few pages, and goes on where it stopped. All four tags of the object are the judge; a name proves nothing.

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

/// How many look-ups are under way at once, so that one that hangs does not hold up the others.
const AT_ONCE: usize = 4;

/// The pause between two look-ups that nothing waits for.
const IDLE_PAUSE: Duration = Duration::from_secs(1);

/// What is read for one object.
#[derive(Clone, Debug)]
pub enum Read {
    /// Its jobs, by name.
    Jobs(Question),
    /// Its job, by id.
    Job(JobId),
    /// The parts of its job.
    Parts(Parts),
}

#[derive(Clone, Debug)]
pub enum Answer {
    Jobs {
        /// When the look began.
        asked: Reading,
        found: Result<Found, Fault>,
    },
    Job(Look),
    /// The parts of its job.
    Parts(Inspection),
}

/// A read, and how far it has come.
#[derive(Debug)]
enum Work {
    New(Read),
    Begun(Box<Search>),
}

/// What came of some of it.
enum Progress {
    Done(Answer),
    Open(Box<Search>),
}

/// The look-ups of one target. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Lookups {
    waiting: Arc<Mutex<Waiting>>,
    changed: Arc<Notify>,
}

/// Each object has at most one look-up open, so their number is bounded by that of the objects.
#[derive(Debug, Default)]
struct Waiting {
    urgent: Fair,
    idle: Fair,
    reads: HashMap<Key, Work>,
    /// Those that have begun; some of them wait for their next turn.
    under_way: HashSet<Key>,
}

impl Lookups {
    /// Asks, unless the object's last look-up is under way.
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

    /// Forgets what was asked for so far.
    pub fn clear(&self) {
        *self.waiting() = Waiting::default();
    }

    /// Forgets what was asked for an object that is gone.
    pub fn forget(&self, key: &Key) {
        let mut waiting = self.waiting();
        waiting.urgent.leave(key);
        waiting.idle.leave(key);
        waiting.reads.remove(key);
        waiting.under_way.remove(key);
    }

    /// Answers for ever; `answered` takes each answer. What is under way when this is dropped stays so until it is cleared.
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
    /// The next of one of its two rows, which is under way from now on.
    fn next(&mut self, waiting: impl Fn(&mut Self) -> &mut Fair) -> Option<(Key, Work)> {
        let key = waiting(self).pop()?;
        let work = self.reads.remove(&key)?;
        self.under_way.insert(key.clone());
        Some((key, work))
    }

    /// The rest of a search waits for its next turn, among those that something waits for: by now something may. Whoever was
    /// forgotten meanwhile is not looked for any more.
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

/// The job as AWS tells of it just now.
async fn look_at(batch: &dyn Batch, clock: &Clock, job: JobId) -> Answer {
    let asked = clock.read();
    let found = batch.describe(std::slice::from_ref(&job)).await;
    let found = found.map(|jobs| jobs.into_iter().find(|found| found.id == job).map(Box::new));
    Answer::Job(Look { job, asked, found })
}

/// Reads it, or some of it where it is long.
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
