//! Looks for lost jobs by name, at jobs that are to be cancelled, and at the parts of ended ones, in the background: a few at a time, fair between namespaces,
//! each call under the rate of reads. All four tags of the object are the judge; a name proves nothing.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::Notify;
use tokio::time::sleep_until;

use super::parts::inspect;
use crate::batch::{Batch, DESCRIBE_MAX, Fault, Found, JobId, Whose};
use crate::clock::{self, Clock};
use crate::fair::Fair;
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

/// What was read.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Its jobs.
    Jobs {
        /// When the look began.
        asked: Reading,
        /// What it showed.
        found: Result<Found, Fault>,
    },
    /// Its job.
    Job(Look),
    /// The parts of its job.
    Parts(Inspection),
}

/// The look-ups of one target. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Lookups {
    row: Arc<Mutex<Row>>,
    changed: Arc<Notify>,
}

/// Each object has at most one look-up open, so their number is bounded by that of the objects.
#[derive(Debug, Default)]
struct Row {
    urgent: Fair,
    idle: Fair,
    reads: HashMap<Key, Read>,
    under_way: HashSet<Key>,
}

impl Lookups {
    /// Asks, unless the object's last look-up is under way.
    pub fn ask(&self, key: Key, read: Read) {
        let mut row = self.row();
        if row.under_way.contains(&key) {
            return;
        }
        if read.is_urgent() {
            row.idle.leave(&key);
            row.urgent.join(key.clone());
        } else if !row.urgent.contains(&key) {
            row.idle.join(key.clone());
        }
        row.reads.insert(key, read);
        self.changed.notify_one();
    }

    /// Forgets what was asked for so far.
    pub fn clear(&self) {
        *self.row() = Row::default();
    }

    /// Forgets what was asked for an object that is gone.
    pub fn forget(&self, key: &Key) {
        let mut row = self.row();
        row.urgent.leave(key);
        row.idle.leave(key);
        row.reads.remove(key);
    }

    /// Answers for ever; `answered` takes each answer. What is under way when this is dropped stays so until it is cleared.
    pub async fn run(&self, batch: Arc<dyn Batch>, clock: Clock, answered: impl Fn(&Key, Answer)) {
        let mut under_way = FuturesUnordered::new();
        let mut idle_at = clock::instant();
        loop {
            while under_way.len() < AT_ONCE
                && let Some((key, read)) = self.row().next(|row| &mut row.urgent)
            {
                under_way.push(answer(batch.as_ref(), &clock, key, read));
            }
            if under_way.is_empty()
                && clock::instant() >= idle_at
                && let Some((key, read)) = self.row().next(|row| &mut row.idle)
            {
                idle_at = clock::instant() + IDLE_PAUSE;
                under_way.push(answer(batch.as_ref(), &clock, key, read));
            }
            let has_idle = under_way.is_empty() && !self.row().idle.is_empty();
            tokio::select! {
                biased;
                Some((key, answer)) = under_way.next() => {
                    self.row().under_way.remove(&key);
                    answered(&key, answer);
                }
                () = self.changed.notified() => {}
                () = sleep_until(idle_at), if has_idle => {}
            }
        }
    }

    fn row(&self) -> MutexGuard<'_, Row> {
        self.row.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Row {
    /// The next of one of its two rows, which is under way from now on.
    fn next(&mut self, waiting: impl Fn(&mut Self) -> &mut Fair) -> Option<(Key, Read)> {
        let key = waiting(self).pop()?;
        let read = self.reads.remove(&key)?;
        self.under_way.insert(key.clone());
        Some((key, read))
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

async fn answer(batch: &dyn Batch, clock: &Clock, key: Key, read: Read) -> (Key, Answer) {
    let answer = match read {
        Read::Jobs(question) => {
            let asked = clock.read();
            Answer::Jobs { asked, found: find(batch, &question).await }
        }
        Read::Job(job) => {
            let asked = clock.read();
            let found = batch.describe(std::slice::from_ref(&job)).await;
            let found = found.map(|jobs| jobs.into_iter().find(|found| found.id == job).map(Box::new));
            Answer::Job(Look { job, asked, found })
        }
        Read::Parts(parts) => Answer::Parts(inspect(batch, &parts).await),
    };
    (key, answer)
}

/// The jobs that bear the object's tags, and what else may be the object's.
async fn find(batch: &dyn Batch, question: &Question) -> Result<Found, Fault> {
    let ids = candidates(batch, question).await?;
    let mut undescribed: BTreeSet<&JobId> = ids.iter().collect();
    let shows_the_job = question.job.as_ref().is_some_and(|job| undescribed.contains(job));
    let mut found = Found { shows_the_job, ..Found::default() };
    for chunk in ids.chunks(DESCRIBE_MAX) {
        for job in batch.describe(chunk).await? {
            undescribed.remove(&job.id);
            match question.identity.judge(&job.tags) {
                Whose::Own => found.own.push(job),
                Whose::Another => {}
                // Another service keeps the tags, and AWS Batch may tell of a new job without them.
                Whose::Unknown => found.untagged += 1,
            }
        }
    }
    found.undescribed = undescribed.len();
    found.own.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    Ok(found)
}

/// The jobs of that name, newest first, back to the object's creation.
async fn candidates(batch: &dyn Batch, question: &Question) -> Result<Vec<JobId>, Fault> {
    let mut ids = Vec::new();
    let mut next = None;
    loop {
        let page = batch.list(&question.queue, &question.name, next).await?;
        let reaches_back = page.jobs.iter().any(|job| job.created_at.is_some_and(|at| at < question.since));
        let recent = page.jobs.into_iter().filter(|job| job.created_at.is_none_or(|at| at >= question.since));
        ids.extend(recent.map(|job| job.id));
        next = page.next;
        if reaches_back || next.is_none() {
            return Ok(ids);
        }
    }
}
