//! Looks for lost jobs by name, and at the parts of ended ones, in the background: a few at a time, each call under the
//! rate of reads. The tag with the object's UID is the judge; a name proves nothing.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use futures::StreamExt;
use futures::stream;
use tokio::sync::mpsc;

use super::parts::inspect;
use crate::api::TAG_UID;
use crate::batch::{Batch, DESCRIBE_MAX, Fault, Found, JobId};
use crate::clock::Clock;
use crate::key::Key;
use crate::moment::Reading;
use crate::plan::{Inspection, Parts, Question};

/// How many look-ups are under way at once, so that one that hangs does not hold up the others.
const AT_ONCE: usize = 4;

/// What is read for one object.
#[derive(Clone, Debug)]
pub enum Read {
    /// Its jobs, by name.
    Jobs(Question),
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
    /// The parts of its job.
    Parts(Inspection),
}

/// The look-ups of one target. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Lookups {
    asked: Arc<Mutex<HashSet<Key>>>,
    questions: mpsc::UnboundedSender<(Key, Read)>,
}

/// The questions that wait; to be passed to [`Lookups::run`].
pub type Questions = mpsc::UnboundedReceiver<(Key, Read)>;

impl Lookups {
    /// No questions yet. Each object has at most one open, so their number is bounded by that of the objects.
    pub fn new() -> (Self, Questions) {
        let (questions, inbox) = mpsc::unbounded_channel();
        let asked = Arc::default();
        (Self { asked, questions }, inbox)
    }

    /// Asks, unless the object's last question is still open.
    pub fn ask(&self, key: Key, question: Read) {
        if self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone()) {
            // The receiver lives as long as the process.
            let _ = self.questions.send((key, question));
        }
    }

    /// Forgets the questions that were asked so far.
    pub fn clear(&self, inbox: &mut Questions) {
        while inbox.try_recv().is_ok() {}
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Answers questions for ever; `answered` takes each answer. Questions that are open when this is dropped stay open
    /// until they are forgotten.
    pub async fn run(
        &self,
        batch: Arc<dyn Batch>,
        clock: Clock,
        inbox: &mut Questions,
        answered: impl Fn(&Key, Answer),
    ) {
        let questions = stream::poll_fn(|cx| inbox.poll_recv(cx));
        let answers = questions.map(|(key, question)| {
            let (batch, clock) = (batch.clone(), clock.clone());
            async move {
                let answer = match question {
                    Read::Jobs(question) => {
                        let asked = clock.read();
                        let found = find(batch.as_ref(), &question).await;
                        Answer::Jobs { asked, found }
                    }
                    Read::Parts(parts) => Answer::Parts(inspect(batch.as_ref(), &parts).await),
                };
                (key, answer)
            }
        });
        let mut answers = std::pin::pin!(answers.buffer_unordered(AT_ONCE));
        while let Some((key, answer)) = answers.next().await {
            self.asked.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
            answered(&key, answer);
        }
    }
}

/// The jobs that bear the UID, and what else may be the object's.
async fn find(batch: &dyn Batch, question: &Question) -> Result<Found, Fault> {
    let ids = candidates(batch, question).await?;
    let mut undescribed: BTreeSet<&JobId> = ids.iter().collect();
    let shows_the_job = question.job.as_ref().is_some_and(|job| undescribed.contains(job));
    let mut found = Found { shows_the_job, ..Found::default() };
    for chunk in ids.chunks(DESCRIBE_MAX) {
        for job in batch.describe(chunk).await? {
            undescribed.remove(&job.id);
            match job.tags.get(TAG_UID) {
                Some(uid) if *uid == question.uid => found.own.push(job),
                Some(_) => {}
                // Another service keeps the tags, and AWS Batch may tell of a new job without them.
                None => found.untagged += 1,
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
