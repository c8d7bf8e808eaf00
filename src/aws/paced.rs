//! A hook of the port that keeps reads under a rate limit. Submissions are not delayed here but in `queue`, so that
//! nothing waits between a claim and its send. Requests to end jobs are few, with fifty jobs a call.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

use crate::aws::hooked::{Hook, Operation};
use crate::clock;

/// Spaces DescribeJobs, ListJobs and DescribeJobQueues evenly. Only tasks of the tracker call them and wait here.
#[derive(Debug)]
pub struct Paced {
    interval: Duration,
    next: Mutex<Instant>,
}

impl Paced {
    /// At most `per_second` reads each second.
    pub fn new(per_second: u32) -> Self {
        Self { interval: Duration::from_secs(1) / per_second.max(1), next: Mutex::new(clock::instant()) }
    }
}

impl Hook for Paced {
    /// Waits for the next free slot.
    async fn before(&self, operation: Operation) {
        if !operation.is_read() {
            return;
        }
        let at = {
            let mut next = self.next.lock().await;
            let at = (*next).max(clock::instant());
            *next = at + self.interval;
            at
        };
        sleep_until(at).await;
    }
}
