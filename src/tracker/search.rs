//! One look for the jobs of an object by name, a few pages at a time. A name that many jobs share takes many pages; what was
//! read is not read again, and until the last page nothing is proven.

use crate::aws::{Batch, DESCRIBE_MAX};
use crate::job::{Fault, FaultKind, Found, JobId, Whose};
use crate::moment::Reading;
use crate::plan::Question;

/// Pages in one turn. Each costs two reads: ListJobs, and DescribeJobs for the tags.
const PAGES: usize = 5;

/// A look, and how far it has come.
#[derive(Debug)]
pub struct Search {
    question: Question,
    /// When it began: what it does not show was not there by then.
    pub asked: Reading,
    /// What it has shown so far.
    pub found: Found,
    next: Option<String>,
}

impl Search {
    /// One that begins now.
    pub fn new(question: Question, asked: Reading) -> Self {
        Self { question, asked, found: Found::default(), next: None }
    }

    /// Reads the next few pages, newest first, back to the object's creation. Answers whether it has come to its end.
    pub async fn go_on(&mut self, batch: &dyn Batch) -> Result<bool, Fault> {
        for _ in 0..PAGES {
            let next = self.next.take();
            let is_first = next.is_none();
            let page = batch.list(&self.question.queue, &self.question.name, next).await;
            let page = page.map_err(|fault| if is_first { fault } else { not_of_the_queue(fault) })?;
            let since = self.question.since;
            let reaches_back = page.jobs.iter().any(|job| job.created_at.is_some_and(|at| at < since));
            let recent = page.jobs.into_iter().filter(|job| job.created_at.is_none_or(|at| at >= since));
            self.judge(batch, &recent.map(|job| job.id).collect::<Vec<_>>()).await?;
            self.next = page.next;
            if reaches_back || self.next.is_none() {
                self.found.own.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
                // A job may have moved from one page to the next meanwhile.
                self.found.own.dedup_by(|a, b| a.id == b.id);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Which of these bear the object's tags, and what else may be the object's.
    async fn judge(&mut self, batch: &dyn Batch, ids: &[JobId]) -> Result<(), Fault> {
        self.found.shows_the_job |= self.question.job.as_ref().is_some_and(|job| ids.contains(job));
        for chunk in ids.chunks(DESCRIBE_MAX) {
            let jobs = batch.describe(chunk).await.map_err(not_of_the_queue)?;
            let is_undescribed = |id: &&JobId| !jobs.iter().any(|job| job.id == **id);
            self.found.undescribed += chunk.iter().filter(is_undescribed).count();
            for job in jobs {
                match self.question.identity.judge(&job.tags) {
                    Whose::Own => self.found.own.push(job),
                    Whose::Another => {}
                    // Another service keeps the tags, and AWS Batch may tell of a new job without them.
                    Whose::Unknown => self.found.untagged += 1,
                }
            }
        }
        Ok(())
    }
}

/// A later page may be refused for its token, and a DescribeJobs for its ids. Only the first page of a look tells that the
/// queue is gone.
fn not_of_the_queue(fault: Fault) -> Fault {
    if fault.kind == FaultKind::Refused { fault.sorted_as(FaultKind::Unclear) } else { fault }
}
