//! Our calls at a real socket: what goes out, how often, and what each kind of failure is taken for.

mod ends;
mod faults;
pub mod identity;
mod middlebox;
mod proxy;
mod reads;
pub mod scripted;
mod signature;
mod silence;
mod submit;
mod time;

use std::time::{Duration, Instant};

use aws_batch_operator::api::BatchJobSpec;
use aws_batch_operator::aws::sdk::{Aws, Endpoints, Proxies, Settings, http_client};
use aws_batch_operator::aws::{Batch, Permit};
use aws_batch_operator::clock::{self, Clock};
use aws_batch_operator::job::{Accepted, Fault, JobId, RemoteJob, Submission};
use aws_sdk_batch::config::{BehaviorVersion, Builder, Credentials, Region};
use batch_double::{Config, Double};
use jiff::SignedDuration;
use serde_json::{Value, json};

const TIMEOUT: Duration = Duration::from_secs(1);

fn double() -> Double {
    Double::start(&Config::default()).unwrap()
}

fn aws(double: &Double) -> Aws {
    Aws::new(config(&double.url()), settings())
}

/// A configuration for this endpoint, with credentials.
pub fn config(url: &str) -> Builder {
    bare(url).credentials_provider(Credentials::new("id", "secret", None, None, "test"))
}

/// The same without credentials.
fn bare(url: &str) -> Builder {
    Builder::new()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .http_client(http_client(TIMEOUT, Some(Vec::new()), Endpoints::Private, Proxies::default()))
        .endpoint_url(url)
}

fn settings() -> Settings {
    Settings { attempt_timeout: TIMEOUT, permit: Permit::always(Clock::system()) }
}

fn submission(spec: Value) -> Submission {
    Submission {
        name: "example".to_owned(),
        spec: serde_json::from_value::<BatchJobSpec>(spec).unwrap(),
        tags: [("awsbatch.dev/uid".to_owned(), "uid-1".to_owned())].into(),
        signed_at: clock::now(),
    }
}

pub fn minimal() -> Submission {
    submission(json!({ "jobQueue": "HighPriority", "jobDefinition": "sleep60" }))
}

/// One whose claim is so old.
fn claimed_ago(age: SignedDuration) -> Submission {
    let submission = minimal();
    Submission { signed_at: submission.signed_at - age, ..submission }
}

/// A claim's time, as `x-amz-date` has it.
fn date(submission: &Submission) -> String {
    submission.signed_at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The right to send within five seconds.
fn soon() -> Permit {
    Permit::always(Clock::system()).until(clock::now() + SignedDuration::from_secs(5))
}

async fn submit(double: &Double) -> Result<Accepted, Fault> {
    aws(double).submit(&minimal(), soon()).await
}

/// A look, which must end within its time.
async fn look(aws: &Aws) -> Result<Vec<RemoteJob>, Fault> {
    let begun = Instant::now();
    let answer = aws.describe(&[JobId::nobody()]).await;
    // A call that waited for another one's timeout would take twice as long.
    assert!(begun.elapsed() < TIMEOUT * 2, "{:?}", begun.elapsed());
    answer
}
