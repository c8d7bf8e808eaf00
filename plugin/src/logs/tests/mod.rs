//! Logs read through the SDK from the double, in virtual time and without a socket. Here: what the tests stand on.

mod choosing;
mod following;
mod many;
mod network;
mod parts;
mod troubles;

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use aws_batch_operator::api::{BatchJob, BatchJobSpec, BatchJobStatus, JobTarget, Logs, Phase};
use aws_batch_operator::clock::instant;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use batch_double::{Behaviour, Clock, Config, Core, Definition, Event, Output, Written};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::cloud::Cloud;
use super::{Options, show};
use network::Network;

/// When everything begins.
const START: i64 = 1_800_000_000_000;

/// Where AWS Batch writes.
const GROUP: &str = "/aws/batch/job";

/// AWS, a user, and what the user sees.
struct Scene {
    core: Arc<Mutex<Core>>,
    begun: Instant,
    cloud: Cloud,
    told: Arc<Mutex<Vec<String>>>,
    screen: Screen,
}

/// Lines, each with the time at which it was seen, in milliseconds from the beginning.
#[derive(Clone)]
struct Screen {
    begun: Instant,
    lines: Arc<Mutex<Vec<(i64, String)>>>,
    rest: Vec<u8>,
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let at = i64::try_from(self.begun.elapsed().as_millis()).unwrap();
        self.rest.extend(bytes);
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<_> = self.rest.drain(..=end).collect();
            let line = String::from_utf8(line).unwrap().trim_end().to_owned();
            self.lines.lock().unwrap().push((at, line));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Scene {
    fn new() -> Self {
        let begun = instant();
        let clock = Clock::new(move || START + i64::try_from(begun.elapsed().as_millis()).unwrap());
        // The SDK signs by the clock of the machine.
        let config = Config { fresh_ms: i64::MAX / 2, ..Config::default() };
        let core = Arc::new(Mutex::new(Core::new(&config, clock)));
        let credentials = Credentials::new("id", "secret", Some("session".to_owned()), None, "test");
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-west-2"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .http_client(Network(core.clone()))
            .build();
        let told = Arc::<Mutex<Vec<String>>>::default();
        let sink = told.clone();
        let cloud = Cloud::new(sdk, move |line| sink.lock().unwrap().push(line.to_owned()));
        let screen = Screen { begun, lines: Arc::default(), rest: Vec::new() };
        Self { core, begun, cloud, told, screen }
    }

    fn core(&self) -> MutexGuard<'_, Core> {
        self.core.lock().unwrap()
    }

    fn now(&self) -> i64 {
        START + i64::try_from(self.begun.elapsed().as_millis()).unwrap()
    }

    /// Submits a job that runs at once, for so long, and writes a line now and then.
    fn submit(&self, behaviour: Behaviour, members: &Value) -> String {
        self.submit_as(Definition::default(), behaviour, members)
    }

    fn submit_as(&self, definition: Definition, behaviour: Behaviour, members: &Value) -> String {
        let behaviour = Some(Behaviour { submitted_ms: 0, runnable_ms: 0, starting_ms: 0, ..behaviour });
        self.core().set_definition("d", Definition { behaviour, ..definition });
        let mut request = json!({ "jobName": "job", "jobQueue": "q", "jobDefinition": "d" });
        request.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        self.core().submit(&request).unwrap()
    }

    /// Writes lines to a stream that no job has.
    fn write(&self, stream: &str, lines: impl IntoIterator<Item = (i64, String)>) {
        let event = |(timestamp, message)| Event { timestamp, message, ingestion_time: None };
        let events = lines.into_iter().map(event).collect();
        let (group, stream) = (GROUP.to_owned(), stream.to_owned());
        self.core().write_log(Written { group, stream, region: None, events });
    }

    /// What the user runs, and how it ends.
    async fn logs(&self, job: &BatchJob, options: &Options) -> Result<(), String> {
        let now = Timestamp::from_millisecond(self.now()).unwrap();
        let mut screen = self.screen.clone();
        let shown = show(async || Ok(job.clone()), &self.cloud, (options, now), &mut screen).await;
        shown.map_err(|error| error.to_string())
    }

    /// What is on the screen.
    fn lines(&self) -> Vec<String> {
        self.screen.lines.lock().unwrap().iter().map(|(_, line)| line.clone()).collect()
    }

    fn told(&self) -> String {
        self.told.lock().unwrap().join("\n")
    }

    /// How often the operation was called.
    fn calls(&self, operation: &str) -> usize {
        self.core().requests().iter().filter(|request| request.operation == operation).count()
    }
}

/// A BatchJob of which AWS has this job.
fn batch_job(id: &str, status: BatchJobStatus) -> BatchJob {
    let mut job = BatchJob::new("train", BatchJobSpec::default());
    let account_id = Some("123456789012".to_owned());
    let target = Some(JobTarget { account_id, region: "us-east-1".to_owned() });
    job.status = Some(BatchJobStatus { job_id: Some(id.to_owned()), target, ..status });
    job
}

/// A BatchJob whose status names its log.
fn logged(id: &str, stream: &str, phase: Phase) -> BatchJob {
    let logs = Logs { group: Some(GROUP.to_owned()), stream: Some(stream.to_owned()), url: None };
    batch_job(id, BatchJobStatus { logs: Some(logs), phase: Some(phase), ..BatchJobStatus::default() })
}

/// The stream of the only container, in that attempt.
fn stream(id: &str, attempt: u8) -> String {
    format!("d/default/{}0000{attempt}", id.replace('-', ""))
}

fn follow() -> Options {
    Options { follow: true, ..Options::default() }
}

fn writes(running_ms: i64, every_ms: i64) -> Behaviour {
    let output = Output { every_ms, ..Output::default() };
    Behaviour { running_ms, output, ..Behaviour::default() }
}

async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
}
