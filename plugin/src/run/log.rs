//! The log of a run, between the lines that tell where it stands. A log that cannot be read is no reason to end.

use std::io::{LineWriter, Result, Write, stdout};
use std::sync::Arc;

use aws_batch_operator::api::BatchJob;
use aws_batch_operator::causes::causes;
use aws_batch_operator::clock::now;
use tokio::sync::watch::Receiver;

use super::screen::Screen;
use crate::failure::Failure;
use crate::logs::{Options, connect, show};

/// The latest version of a BatchJob; `None`: none was seen yet.
pub type Latest = Receiver<Option<Box<BatchJob>>>;

/// Prints the log from the first start of the job on, until it has ended and its last line has had its time.
pub async fn print(mut latest: Latest, options: &Options, screen: &Arc<Screen>) {
    if latest.wait_for(|job| job.as_ref().is_some_and(|job| has_begun(job))).await.is_err() {
        return;
    }
    if let Err(error) = shown(&latest, options, screen).await {
        screen.apart(|| eprintln!("no log: {}", causes(error.as_ref())));
    }
}

/// Whether there may be a log: a job that was never submitted has none.
pub fn has_begun(job: &BatchJob) -> bool {
    job.status.as_ref().is_some_and(|status| status.job_id.is_some() && status.started_at.is_some())
}

async fn shown(latest: &Latest, options: &Options, screen: &Arc<Screen>) -> std::result::Result<(), Failure> {
    let beside = screen.clone();
    let get = async || {
        let job = latest.borrow().as_deref().cloned();
        job.ok_or_else(|| Failure::from("the BatchJob was not seen yet"))
    };
    let cloud = connect(&get().await?, move |line| beside.apart(|| eprintln!("{line}"))).await?;
    let mut out = LineWriter::new(Beside(screen));
    show(get, &cloud, (options, now()), &mut out).await
}

/// Standard output beside a live line.
struct Beside<'a>(&'a Screen);

impl Write for Beside<'_> {
    fn write(&mut self, lines: &[u8]) -> Result<usize> {
        self.0.apart(|| stdout().write_all(lines).and_then(|()| stdout().flush()))?;
        Ok(lines.len())
    }

    fn flush(&mut self) -> Result<()> {
        stdout().flush()
    }
}
