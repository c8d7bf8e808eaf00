//! Proves at the start that AWS Batch answers. Until then the process is not ready, and says what is missing. The proof
//! is a read without effect. Every replica makes it: a follower must also know whether it could lead.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::sleep;

use crate::aws::Batch;
use crate::controller::Place;
use crate::http::Health;
use crate::job::{Fault, FaultKind, JobId};

/// The pauses between two tries: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(15));

/// The state of the connection to AWS. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Preflight(Arc<Mutex<Option<String>>>);

impl Default for Preflight {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Some("AWS Batch has not answered yet".to_owned()))))
    }
}

impl Preflight {
    /// What is missing; `None`: AWS has answered.
    pub fn missing(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Adds two conditions to the readiness of `health`: the account is the expected one, and AWS has answered.
    pub fn guard(self, place: Place, health: Arc<dyn Health>) -> Arc<dyn Health> {
        Arc::new(Guard { preflight: self, place, health })
    }

    /// Calls AWS until it answers. Logs why it does not, each reason once in a row.
    pub async fn run(self, batch: impl Batch, region: String) {
        let mut pause = PAUSES.0;
        loop {
            let missing = match batch.describe(&[JobId::nobody()]).await {
                Ok(_) => None,
                Err(fault) => missing(&fault, &region),
            };
            let is_news = self.missing() != missing;
            self.0.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&missing);
            match missing {
                None => return tracing::info!(region, "AWS Batch answers"),
                Some(why) if is_news => tracing::warn!("not ready: {why}"),
                Some(_) => {}
            }
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }
}

struct Guard {
    preflight: Preflight,
    place: Place,
    health: Arc<dyn Health>,
}

impl Health for Guard {
    fn ready(&self) -> Result<(), &'static str> {
        self.place.missing().map_or(Ok(()), Err)?;
        self.health.ready()?;
        self.preflight.missing().map_or(Ok(()), |_| Err("waiting for AWS Batch to answer"))
    }

    fn metrics(&self) -> Result<String, std::fmt::Error> {
        self.health.metrics()
    }
}

/// What is missing and what to do; `None`: AWS has read the request, which proves enough.
fn missing(fault: &Fault, region: &str) -> Option<String> {
    let told = fault.in_full();
    Some(match fault.kind {
        FaultKind::Refused | FaultKind::Throttled => return None,
        FaultKind::NoCredentials => format!("there are no AWS credentials: {told}"),
        FaultKind::Denied => {
            let permission = "The operator's role needs batch:DescribeJobs (deploy/iam/policy.json)";
            let way_out = fault.denial().map(|denial| denial.way_out(permission)).unwrap_or_default();
            format!("AWS denies DescribeJobs in Region {region} ({told}). {way_out}")
        }
        FaultKind::NotSent => format!(
            "AWS Batch cannot be reached in Region {region} ({told}); check AWS_REGION, AWS_ENDPOINT_URL_BATCH and the way out of the cluster"
        ),
        FaultKind::Unclear => format!(
            "AWS Batch does not answer as it should in Region {region} ({told}); check AWS_ENDPOINT_URL_BATCH, and what stands between"
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_with_the_way_out() {
        for (kind, way_out) in [
            (FaultKind::NoCredentials, "no AWS credentials"),
            (FaultKind::Denied, "batch:DescribeJobs"),
            (FaultKind::NotSent, "AWS_ENDPOINT_URL_BATCH"),
            (FaultKind::Unclear, "AWS_ENDPOINT_URL_BATCH"),
        ] {
            let text = missing(&Fault::new(kind, None, "because"), "eu-west-1").unwrap();
            assert!(text.contains(way_out) && text.contains("because"), "{text}");
        }
        for (code, way_out) in [
            ("InvalidSignatureException", "Check the clock"),
            ("ExpiredTokenException", "Renew the operator's credentials"),
        ] {
            let text = missing(&Fault::new(FaultKind::Denied, Some(code.to_owned()), "because"), "eu-west-1")
                .unwrap();
            assert!(text.contains(way_out) && !text.contains("batch:DescribeJobs"), "{text}");
        }
        assert_eq!(missing(&Fault::new(FaultKind::Refused, None, "no such job"), "eu-west-1"), None);
    }
}
