//! The port's calls, made through the SDK. Its retries are off: whether a call may be made again is decided elsewhere,
//! by those who know what it did.

use std::time::{Duration, SystemTime};

use aws_config::BehaviorVersion;
use aws_sdk_batch::Client;
use aws_sdk_batch::config::Builder;
use aws_sdk_batch::config::retry::RetryConfig;
use aws_sdk_batch::config::timeout::TimeoutConfig;
use aws_sdk_batch::types::{JobStatus, KeyValuesPair};
use aws_smithy_async::time::{StaticTimeSource, TimeSource};
use aws_smithy_http_client::tls;
use aws_smithy_types::body::SdkBody;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;

use super::transmit::Transmit;
use super::whole::Whole;
use super::{decode, fault};
use crate::batch::{Accepted, Batch, EndKind, Fault, FaultKind, Fence, JobId, Page, RemoteJob, Submission};
use crate::clock::Clock;

/// AWS's largest page for a listing with a filter.
const LIST_PAGE: i32 = 100;

/// AWS's largest page for a listing by state.
const CHILDREN_PAGE: i32 = 1000;

/// What the client needs beside the SDK's own settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// One call, from connection to last byte.
    pub attempt_timeout: Duration,
    /// Shut while we must not talk to AWS.
    pub fence: Fence,
    /// Signs whatever bears no claim's time, and is asked at the last moment before the wire.
    pub clock: Clock,
}

#[derive(Debug)]
struct Time(Clock);

impl TimeSource for Time {
    fn now(&self) -> SystemTime {
        self.0.now().into()
    }
}

/// AWS Batch, through the SDK.
#[derive(Clone, Debug)]
pub struct Aws {
    client: Client,
    fence: Fence,
    clock: Clock,
}

impl Aws {
    /// A client with the SDK's own settings: Region, credentials, endpoint. Answers the Region too, where one is set.
    pub async fn connect(settings: Settings) -> (Self, Option<String>) {
        let tls = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
        let http = aws_smithy_http_client::Builder::new().tls_provider(tls).build_https();
        let sdk = aws_config::defaults(BehaviorVersion::v2026_01_12()).http_client(http).load().await;
        let region = sdk.region().map(ToString::to_string);
        (Self::new(Builder::from(&sdk), settings), region)
    }

    /// A client of this configuration, with our timeouts and without retries.
    pub fn new(config: Builder, settings: Settings) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(settings.attempt_timeout.min(Duration::from_secs(3)))
            .operation_attempt_timeout(settings.attempt_timeout)
            .operation_timeout(settings.attempt_timeout)
            .build();
        let config = config.retry_config(RetryConfig::disabled()).timeout_config(timeouts);
        let config = config.time_source(Time(settings.clock.clone()));
        Self { client: Client::from_conf(config.build()), fence: settings.fence, clock: settings.clock }
    }

    /// The same behind another fence.
    #[must_use]
    pub fn fenced(self, fence: Fence) -> Self {
        Self { fence, ..self }
    }

    /// Sends our own body in place of the SDK's: the resource is the request, letter for letter, and what is counted
    /// against AWS's 30 KiB is what goes out.
    async fn send(&self, submission: &Submission, not_after: Timestamp) -> Result<Accepted, Fault> {
        let transmit = Transmit::until(not_after, self.fence.clone(), self.clock.clone());
        let body = submission.body().to_string();
        let signed_at =
            Builder::new().time_source(StaticTimeSource::new(SystemTime::from(submission.signed_at)));
        let answer = self
            .client
            .submit_job()
            .customize()
            .config_override(signed_at)
            .interceptor(transmit.clone())
            .mutate_request(move |request| {
                request.headers_mut().insert("content-length", body.len().to_string());
                *request.body_mut() = SdkBody::from(body.as_str());
            })
            .send()
            .await
            .map_err(|error| fault::sort(&error, &transmit))?;
        let id = answer.job_id.and_then(JobId::new);
        let id =
            id.ok_or_else(|| Fault::new(FaultKind::Unclear, None, "AWS answered 200 without a job id"))?;
        Ok(Accepted { id, arn: answer.job_arn })
    }

    /// For a call that does no harm when it is late.
    fn unhurried(&self) -> Transmit {
        Transmit::until(Timestamp::MAX, self.fence.clone(), self.clock.clone())
    }

    async fn look(&self, ids: &[JobId]) -> Result<Vec<RemoteJob>, Fault> {
        let transmit = self.unhurried();
        let ids = ids.iter().map(|id| id.as_str().to_owned()).collect();
        let call = self.client.describe_jobs().set_jobs(Some(ids)).customize().interceptor(transmit.clone());
        let answer = call.send().await.map_err(|error| fault::sort(&error, &transmit))?;
        Ok(answer.jobs.unwrap_or_default().into_iter().filter_map(decode::job).collect())
    }

    async fn find(&self, queue: &str, name: &str, page: Option<String>) -> Result<Page, Fault> {
        let transmit = self.unhurried();
        let by_name = KeyValuesPair::builder().name("JOB_NAME").values(name).build();
        let call = self.client.list_jobs().job_queue(queue).filters(by_name);
        let call = call.max_results(LIST_PAGE).set_next_token(page).customize();
        let call = call.interceptor(transmit.clone()).interceptor(Whole("jobSummaryList"));
        let answer = call.send().await.map_err(|error| fault::sort(&error, &transmit))?;
        Ok(decode::page(answer))
    }

    async fn children(&self, array: &JobId, page: Option<String>) -> Result<Page, Fault> {
        let transmit = self.unhurried();
        let call = self.client.list_jobs().array_job_id(array.as_str()).job_status(JobStatus::Failed);
        let call = call.max_results(CHILDREN_PAGE).set_next_token(page).customize();
        let call = call.interceptor(transmit.clone()).interceptor(Whole("jobSummaryList"));
        let answer = call.send().await.map_err(|error| fault::sort(&error, &transmit))?;
        Ok(decode::page(answer))
    }

    async fn terminate(&self, ids: Vec<String>, reason: &str) -> Result<Vec<(JobId, Fault)>, Fault> {
        let transmit = self.unhurried();
        let call = self.client.terminate_jobs().set_jobs(Some(ids)).reason(reason);
        let answer = call.customize().interceptor(transmit.clone()).send().await;
        let answer = answer.map_err(|error| fault::sort(&error, &transmit))?;
        let errors = answer.errors.unwrap_or_default().into_iter();
        let errors = errors.map(|e| (e.job, fault::sort_one(e.code.as_deref(), e.message.as_deref())));
        Ok(errors.filter_map(|(job, fault)| Some((JobId::new(job?)?, fault))).collect())
    }

    async fn cancel(&self, ids: Vec<String>, reason: &str) -> Result<Vec<(JobId, Fault)>, Fault> {
        let transmit = self.unhurried();
        let call = self.client.cancel_jobs().set_jobs(Some(ids)).reason(reason);
        let answer = call.customize().interceptor(transmit.clone()).send().await;
        let answer = answer.map_err(|error| fault::sort(&error, &transmit))?;
        let errors = answer.errors.unwrap_or_default().into_iter();
        let errors = errors.map(|e| (e.job, fault::sort_one(e.code.as_deref(), e.message.as_deref())));
        Ok(errors.filter_map(|(job, fault)| Some((JobId::new(job?)?, fault))).collect())
    }
}

impl Batch for Aws {
    fn submit<'a>(
        &'a self,
        submission: &'a Submission,
        not_after: Timestamp,
    ) -> BoxFuture<'a, Result<Accepted, Fault>> {
        self.send(submission, not_after).boxed()
    }

    fn describe<'a>(&'a self, ids: &'a [JobId]) -> BoxFuture<'a, Result<Vec<RemoteJob>, Fault>> {
        self.look(ids).boxed()
    }

    fn list<'a>(
        &'a self,
        queue: &'a str,
        name: &'a str,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        self.find(queue, name, page).boxed()
    }

    fn failed_children<'a>(
        &'a self,
        array: &'a JobId,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        self.children(array, page).boxed()
    }

    fn end<'a>(
        &'a self,
        kind: EndKind,
        ids: &'a [JobId],
        reason: &'a str,
    ) -> BoxFuture<'a, Result<Vec<(JobId, Fault)>, Fault>> {
        let ids = ids.iter().map(|id| id.as_str().to_owned()).collect();
        match kind {
            EndKind::Terminate => self.terminate(ids, reason).boxed(),
            EndKind::Cancel => self.cancel(ids, reason).boxed(),
        }
    }
}
