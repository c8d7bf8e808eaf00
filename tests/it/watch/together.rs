//! Many jobs of one namespace end together: their statuses are written one after another without a pause.

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::server::Cluster;
use super::{LONG, Stage, create_many};
use crate::port::Service;

/// One answer of DescribeJobs.
const JOBS: usize = 100;

/// How many objects show this phase.
fn shows(cluster: &Cluster, phase: &str) -> usize {
    let shows = |object: &&Value| object["status"]["phase"] == phase;
    cluster.store().objects().iter().filter(shows).count()
}

#[tokio::test(start_paused = true)]
async fn the_ends_of_a_hundred_jobs_are_written_one_after_another_without_a_pause() {
    let stage = Stage::start(&["--submit-rate", "1000"], |cluster| create_many(cluster, 0..JOBS));
    stage.all_are_submitted().await;
    assert!(stage.server.until(LONG, |cluster| shows(cluster, "Running") == JOBS).await);
    let ids: Vec<_> = stage.cloud.0.jobs().into_iter().map(|job| job.id).collect();
    stage.cloud.0.end(&ids).unwrap();
    assert!(stage.server.until(LONG, |cluster| shows(cluster, "Failed") > 0).await);
    let begun = Instant::now();
    assert!(stage.server.until(LONG, |cluster| shows(cluster, "Failed") == JOBS).await);
    let took = begun.elapsed();
    assert!(took < Duration::from_millis(200), "{took:?}");
}
