//! One BatchJob, version by version, until it is gone. A watch that breaks begins again.

use std::time::Duration;

use aws_batch_operator::api::BatchJob;
use futures::{Stream, StreamExt};
use kube::runtime::WatchStreamExt;
use kube::runtime::watcher::{self, watch_object};

use crate::cluster::Cluster;
use crate::failure::Failure;

/// What is seen of a BatchJob.
pub enum Seen {
    /// It is so.
    Is(Box<BatchJob>),
    /// It is not there, or another one bears its name.
    Gone,
}

/// Follows a BatchJob from where it is now. What cannot be mended by trying again ends the stream with an error.
pub fn follow<'a>(cluster: &'a Cluster, name: &'a str) -> impl Stream<Item = Result<Seen, Failure>> + 'a {
    let mut known = None;
    let mut is_told = false;
    let watch = watch_object(cluster.jobs(), name).default_backoff();
    watch.filter_map(move |version| {
        let seen = match version {
            Ok(None) => Some(Ok(Seen::Gone)),
            Ok(Some(job)) => {
                is_told = false;
                let uid = job.metadata.uid.clone();
                let is_another = *known.get_or_insert(uid.clone()) != uid;
                Some(Ok(if is_another { Seen::Gone } else { Seen::Is(Box::new(job)) }))
            }
            Err(error) => match refusal(error) {
                Refusal::ForGood(error) => Some(Err(cluster.told(error, name))),
                Refusal::ForNow(error) => {
                    if !std::mem::replace(&mut is_told, true) {
                        eprintln!("the API server does not answer, trying again: {error}");
                    }
                    None
                }
            },
        };
        std::future::ready(seen)
    })
}

/// A broken watch.
enum Refusal {
    /// The user or the cluster has to change first.
    ForGood(kube::Error),
    /// It may mend by itself.
    ForNow(String),
}

fn refusal(error: watcher::Error) -> Refusal {
    let (watcher::Error::InitialListFailed(inner) | watcher::Error::WatchStartFailed(inner)) = error else {
        return Refusal::ForNow(error.to_string());
    };
    match &inner {
        kube::Error::Api(status) if matches!(status.code, 400..=404) => Refusal::ForGood(inner),
        _ => Refusal::ForNow(aws_batch_operator::causes::causes(&inner)),
    }
}

/// The work, or `None` when it has lasted too long.
pub async fn within<T>(limit: Option<Duration>, work: impl Future<Output = T>) -> Option<T> {
    match limit {
        Some(limit) => tokio::time::timeout(limit, work).await.ok(),
        None => Some(work.await),
    }
}
