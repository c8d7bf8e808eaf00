//! `wait`: until BatchJobs have ended.

use std::pin::pin;

use futures::{StreamExt, future};

use crate::cli::Wait;
use crate::cluster::Cluster;
use crate::end::{FAILED, TIMED_OUT, exit_code, line};
use crate::failure::Failure;
use crate::follow::{Seen, follow, within};
use crate::out;

/// Waits for all of them. What is missing or forbidden is told at once. The exit code is that of the first, in the order of their names, that has not succeeded.
pub async fn wait(cluster: &Cluster, Wait { names, timeout }: &Wait) -> Result<u8, Failure> {
    let ends = names.iter().map(|name| async move {
        let end = within(*timeout, end_of(cluster, name)).await;
        end.unwrap_or_else(|| {
            let limit = timeout.unwrap_or_default();
            eprintln!("{name}: no end within the --timeout of {limit:?}; the BatchJob goes on");
            Ok(TIMED_OUT)
        })
    });
    let codes = future::try_join_all(ends).await?;
    Ok(codes.into_iter().find(|code| *code != 0).unwrap_or(0))
}

/// The exit code of its end, which is told.
async fn end_of(cluster: &Cluster, name: &str) -> Result<u8, Failure> {
    let mut versions = pin!(follow(cluster, name));
    let mut is_known = false;
    while let Some(version) = versions.next().await {
        let job = match version? {
            Seen::Is(job) => job,
            Seen::Gone if is_known => {
                out::line(&format!("{name}: deleted before its end was seen"))?;
                return Ok(FAILED);
            }
            Seen::Gone => return Err(cluster.missing(name)),
        };
        if let Some(code) = exit_code(&job) {
            out::line(&format!("{name}: {}", line(&job)))?;
            return Ok(code);
        }
        if !std::mem::replace(&mut is_known, true) {
            eprintln!("{name}: {}", line(&job));
        }
    }
    Err(format!("the watch of BatchJob {name} has ended: try again").into())
}
