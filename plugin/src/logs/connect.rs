//! The user's own AWS settings: Region, profile and credentials as every tool of AWS finds them, over the operator's connector.

use std::time::Duration;

use aws_batch_operator::api::BatchJob;
use aws_batch_operator::app::environment::Environment;
use aws_batch_operator::aws::sdk::{Endpoints, Time, load};
use aws_batch_operator::clock::Clock;
use aws_sdk_batch::config::timeout::TimeoutConfig;
use aws_smithy_async::time::SharedTimeSource;

use super::cloud::Cloud;
use crate::failure::Failure;

/// One call, from connection to last byte: a page has a megabyte.
const ATTEMPT: Duration = Duration::from_secs(20);

/// AWS, by the user's own credentials, in the Region of the job. Calls nothing of AWS yet. What the user should know beside
/// the log goes to `tell`.
pub async fn connect(job: &BatchJob, tell: impl Fn(&str) + Send + Sync + 'static) -> Result<Cloud, Failure> {
    let time = SharedTimeSource::new(Time(Clock::system()));
    let target = job.status.as_ref().and_then(|status| status.target.as_ref());
    let region = target.map(|target| target.region.clone());
    let sdk = load(ATTEMPT, time, Endpoints::Private, (&Environment::read(), region)).await?;
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).build();
    Ok(Cloud::new(sdk.into_builder().timeout_config(timeouts).build(), tell))
}
