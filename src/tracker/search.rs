//! One search for the jobs of an object by name, a few pages at a time. A name with many jobs has many pages. No page
//! is read twice, and the result is complete only after the last page.

use crate::aws::{Batch, DESCRIBE_MAX};
use crate::job::{Fault, FaultKind, Found, JobId, Whose};
use crate::moment::Reading;
use crate::plan::Question;

/// Pages in one turn. Each costs two reads: ListJobs, and DescribeJobs for the tags.
const PAGES: usize = 5;

/// A search in progress.
#[derive(Debug)]
pub struct Search {
    question: Question,
    /// When the search began. A job that it does not show was not visible then.
    pub asked: Reading,
    /// The jobs found so far.
    pub found: Found,
    next: Option<String>,
}

impl Search {
    /// A search that begins at `asked`.
    pub fn new(question: Question, asked: Reading) -> Self {
        Self { question, asked, found: Found::default(), next: None }
    }

    /// Reads the next few pages, newest jobs first, back to the time in the question. Returns true at the end.
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
                // A job may move from one page to the next meanwhile.
                self.found.own.dedup_by(|a, b| a.id == b.id);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Sorts these jobs by their tags.
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
                    // AWS may show a new job without its tags, because another service stores them.
                    Whose::Unknown => self.found.untagged += 1,
                }
            }
        }
        Ok(())
    }
}

/// A later page may be refused for its token, and DescribeJobs for its ids. Only a refusal of the first page shows that
/// the queue is gone.
fn not_of_the_queue(fault: Fault) -> Fault {
    if fault.kind == FaultKind::Refused { fault.sorted_as(FaultKind::Unclear) } else { fault }
}
