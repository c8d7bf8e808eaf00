//! The double over its socket: the SDK is the judge of its answers, raw HTTP of what only the wire shows.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod control;
mod faults;
mod listening;
mod logs;
mod program;
mod raw;
mod reads;
mod sdk;

use std::time::Duration;

use aws_sdk_batch::Client;
use aws_sdk_batch::config::retry::RetryConfig;
use aws_sdk_batch::config::timeout::TimeoutConfig;
use aws_sdk_batch::config::{BehaviorVersion, Builder, Credentials, Region};
use aws_sdk_batch::error::SdkError;
use aws_sdk_batch::operation::submit_job::{SubmitJobError, SubmitJobOutput};
use batch_double::{Behaviour, Config, Double};

/// A double of which jobs run until they are ended, at once.
fn double() -> Double {
    let double = Double::start(&Config { limit: None, ..Config::default() }).unwrap();
    let at_once = Behaviour { submitted_ms: 0, runnable_ms: 0, starting_ms: 0, ..Behaviour::forever() };
    double.set_behaviour("d", at_once);
    double
}

fn config(double: &Double) -> Builder {
    let timeout = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_millis(800)).build();
    Builder::new()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeout)
        .endpoint_url(double.url())
}

fn client(double: &Double) -> Client {
    Client::from_conf(config(double).build())
}

/// Submits a job called `job`.
async fn submit(client: &Client) -> Result<SubmitJobOutput, SdkError<SubmitJobError>> {
    client.submit_job().job_name("job").job_queue("q").job_definition("d").tags("uid", "1").send().await
}
