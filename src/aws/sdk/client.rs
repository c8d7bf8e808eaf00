//! The client: SubmitJob, and the mapping from the port to the calls of the SDK. The SDK's retries are off: the callers
//! decide whether to repeat a call, because they know its effect.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use aws_sdk_batch::Client;
use aws_sdk_batch::config::Builder;
use aws_sdk_batch::config::retry::RetryConfig;
use aws_smithy_async::time::StaticTimeSource;
use aws_smithy_types::body::SdkBody;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;

use super::fault;
use super::last_check::LastCheck;
use super::settings::Settings;
use crate::aws::{Batch, Names, Page, Permit, Queue};
use crate::job::{Accepted, EndKind, Fault, JobId, JobStatus, RemoteJob, Submission};

/// AWS Batch, through the SDK.
#[derive(Clone, Debug)]
pub struct Aws {
    pub(super) client: Client,
    pub(super) settings: Settings,
    /// AWS has answered that it has no TerminateJobs and no CancelJobs.
    pub(super) has_no_bulk: Arc<AtomicBool>,
}

impl Aws {
    /// A client of this configuration, with our timeouts, our clock and without retries.
    pub fn new(config: Builder, settings: Settings) -> Self {
        let config = config
            .retry_config(RetryConfig::disabled())
            .timeout_config(settings.timeouts())
            .sleep_impl(Settings::sleep())
            .time_source(settings.time())
            // The SDK corrects the signing time by the error of our clock, as it estimates it. SubmitJob is signed with
            // the claim's time, so the whole delay since the claim would count as such an error.
            .disable_clock_skew_correction(true);
        Self { client: Client::from_conf(config.build()), settings, has_no_bulk: Arc::default() }
    }

    /// Makes reads and requests to end jobs depend on this permit.
    #[must_use]
    pub fn permitted(self, permit: Permit) -> Self {
        Self { settings: Settings { permit, ..self.settings }, ..self }
    }

    /// The check for a call that does no harm when it is late.
    pub(super) fn unhurried(&self) -> LastCheck {
        LastCheck::new(self.settings.permit.clone())
    }

    /// Sends our own body in place of the SDK's. The members of the spec thus reach AWS unchanged, and our count
    /// against AWS's 30 KiB is exact.
    async fn send(&self, submission: &Submission, permit: Permit) -> Result<Accepted, Fault> {
        let last_check = LastCheck::new(permit).signed_at(submission.signed_at);
        let body = submission.body().to_string();
        let answer = self
            .client
            .submit_job()
            .customize()
            .config_override(signed_at(submission.signed_at))
            .interceptor(last_check.clone())
            .mutate_request(move |request| {
                request.headers_mut().insert("content-length", body.len().to_string());
                *request.body_mut() = SdkBody::from(body.as_str());
            })
            .send()
            .await
            .map_err(|error| fault::sort(&error, &last_check))?;
        let id = answer.job_id.and_then(JobId::new);
        let id = id.ok_or_else(|| fault::not_whole("AWS answered 200 without a job id", &last_check))?;
        Ok(Accepted { id, arn: answer.job_arn, name: answer.job_name })
    }
}

/// Signs one call with this time.
pub(super) fn signed_at(time: Timestamp) -> Builder {
    Builder::new().time_source(StaticTimeSource::new(SystemTime::from(time)))
}

impl Batch for Aws {
    fn submit<'a>(
        &'a self,
        submission: &'a Submission,
        permit: Permit,
    ) -> BoxFuture<'a, Result<Accepted, Fault>> {
        self.send(submission, permit).boxed()
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

    fn created_before<'a>(
        &'a self,
        queue: &'a str,
        before: Timestamp,
    ) -> BoxFuture<'a, Result<Names, Fault>> {
        self.names_before(queue, before).boxed()
    }

    fn in_state<'a>(
        &'a self,
        queue: &'a str,
        state: JobStatus,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        self.of_state(queue, state, page).boxed()
    }

    fn failed_children<'a>(
        &'a self,
        array: &'a JobId,
        page: Option<String>,
    ) -> BoxFuture<'a, Result<Page, Fault>> {
        self.children(array, page).boxed()
    }

    fn queues<'a>(&'a self, queues: &'a [String]) -> BoxFuture<'a, Result<Vec<Queue>, Fault>> {
        self.look_at_queues(queues).boxed()
    }

    fn end<'a>(
        &'a self,
        kind: EndKind,
        ids: &'a [JobId],
        reason: &'a str,
    ) -> BoxFuture<'a, Result<Vec<(JobId, Fault)>, Fault>> {
        self.end_all(kind, ids, reason).boxed()
    }
}
