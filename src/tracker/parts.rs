//! Reads the parts of ended jobs: the failed children of an array, and the one part that shows why the job ended.

use std::time::Duration;

use tokio::time::sleep;

use crate::aws::Batch;
use crate::job::{Fault, JobId};
use crate::plan::{Inspected, Inspection, Parts};

/// The pauses between tries. They are short, so that a missing detail does not delay the news of the end.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];

/// Reads the parts, up to three times if a retry may help.
pub async fn inspect(batch: &dyn Batch, parts: &Parts) -> Inspection {
    let job = parts.job().clone();
    let mut found = read(batch, parts).await;
    for pause in PAUSES {
        match &found {
            Err(fault) if fault.kind.passes_by_itself() => sleep(pause).await,
            _ => break,
        }
        found = read(batch, parts).await;
    }
    if let Err(fault) = &found {
        tracing::warn!(%fault, job = job.as_str(), "cannot read the parts of a job that has ended");
    }
    Inspection { job, found }
}

async fn read(batch: &dyn Batch, parts: &Parts) -> Result<Inspected, Fault> {
    match parts {
        Parts::FailedChildren(array) => failed_children(batch, array).await,
        Parts::MainNode { node, .. } => {
            let first = batch.describe(std::slice::from_ref(node)).await?.pop().map(Box::new);
            Ok(Inspected { failed: Vec::new(), first })
        }
    }
}

/// Up to a thousand children a call, and one more call for the child that failed first.
async fn failed_children(batch: &dyn Batch, array: &JobId) -> Result<Inspected, Fault> {
    let (mut failed, mut first, mut next) = (Vec::new(), None, None);
    loop {
        let page = batch.failed_children(array, next).await?;
        for child in page.jobs {
            let Some(index) = child.id.index() else { continue };
            failed.push(index);
            let rank = (child.stopped_at, index);
            if first.as_ref().is_none_or(|(earliest, _)| rank < *earliest) {
                first = Some((rank, child.id));
            }
        }
        next = page.next;
        if next.is_none() {
            break;
        }
    }
    failed.sort_unstable();
    failed.dedup();
    let first = match first {
        Some((_, id)) => batch.describe(&[id]).await?.pop().map(Box::new),
        None => None,
    };
    Ok(Inspected { failed, first })
}
