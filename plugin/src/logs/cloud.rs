//! The two calls of AWS that logs need, DescribeJobs and GetLogEvents, by the user's own credentials. A call that is throttled
//! or fails for a moment is made again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_batch_operator::clock::instant;
use aws_config::SdkConfig;
use aws_sdk_batch::config::Region;
use aws_sdk_batch::config::retry::RetryConfig;
use aws_sdk_cloudwatchlogs::types::OutputLogEvent;
use tokio::time::sleep;

use super::pace::Pace;
use super::place::{Place, View};
use super::trouble::{Trouble, sort};

/// How long calls may fail in a row.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long after a failed call the next one is made.
const AGAIN: Duration = Duration::from_secs(1);

/// AWS, as the user reaches it.
pub struct Cloud {
    sdk: SdkConfig,
    pace: Pace,
    is_told: AtomicBool,
    tell: Box<dyn Fn(&str) + Send + Sync>,
}

/// What to read of a stream.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// The token of another page.
    pub token: Option<String>,
    /// No event is older, in milliseconds since 1970.
    pub start: Option<i64>,
    /// The latest events, so many at most; `None`: the earliest.
    pub latest: Option<i32>,
}

/// A page of a stream.
#[derive(Debug)]
pub struct Page {
    /// The events, in their order.
    pub events: Vec<OutputLogEvent>,
    /// The token of the page after this one, which is the same at the end.
    pub next: String,
    /// The token of the page before this one, which is the same at the beginning.
    pub before: String,
}

impl Cloud {
    /// With these settings. What the user should know beside the log goes to `tell`, line by line.
    pub fn new(sdk: SdkConfig, tell: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self { sdk, pace: Pace::default(), is_told: AtomicBool::new(false), tell: Box::new(tell) }
    }

    /// A line for the user, beside the log.
    pub fn tell(&self, line: &str) {
        (self.tell)(line);
    }

    /// What AWS Batch tells of these jobs, at most 100, in the same order; `None`: nothing.
    pub async fn describe(&self, region: &str, ids: &[String]) -> Result<Vec<Option<View>>, Trouble> {
        let config = aws_sdk_batch::config::Builder::from(&self.sdk).region(Region::new(region.to_owned()));
        let client = aws_sdk_batch::Client::from_conf(config.retry_config(RetryConfig::disabled()).build());
        let answer = self
            .patiently(async || {
                let call = client.describe_jobs().set_jobs(Some(ids.to_vec()));
                call.send().await.map_err(|error| sort(&error))
            })
            .await?;
        let view = |id: &String| {
            let found = answer.jobs().iter().find(|job| job.job_id() == Some(id))?;
            Some(View::of(found, region))
        };
        Ok(ids.iter().map(view).collect())
    }

    /// A client of that Region's logs.
    pub fn logs(&self, region: &str) -> aws_sdk_cloudwatchlogs::Client {
        let config = aws_sdk_cloudwatchlogs::config::Builder::from(&self.sdk);
        let config = config.region(Region::new(region.to_owned())).retry_config(RetryConfig::disabled());
        aws_sdk_cloudwatchlogs::Client::from_conf(config.build())
    }

    /// One page of a stream.
    pub async fn page(
        &self,
        client: &aws_sdk_cloudwatchlogs::Client,
        place: &Place,
        ask: &Ask,
    ) -> Result<Page, Trouble> {
        let answer = self
            .patiently(async || {
                let call =
                    client.get_log_events().log_group_name(&place.group).log_stream_name(&place.stream);
                let call = call.set_start_time(ask.start).set_next_token(ask.token.clone());
                let call = call.start_from_head(ask.latest.is_none()).set_limit(ask.latest);
                call.send().await.map_err(|error| sort(&error))
            })
            .await?;
        let (Some(next), Some(before)) = (answer.next_forward_token, answer.next_backward_token) else {
            return Err(Trouble::Final(
                "AWS answered with a page without tokens: is there a proxy?".to_owned(),
            ));
        };
        Ok(Page { events: answer.events.unwrap_or_default(), next, before })
    }

    /// Makes the call until it is answered, slower where AWS asks for that.
    async fn patiently<T>(&self, call: impl AsyncFn() -> Result<T, Trouble>) -> Result<T, Trouble> {
        let mut failing_since = None;
        loop {
            self.pace.turn().await;
            match call().await {
                Ok(answer) => {
                    self.pace.faster();
                    return Ok(answer);
                }
                Err(Trouble::Throttled) => {
                    self.pace.slower();
                    if !self.is_told.swap(true, Ordering::Relaxed) {
                        self.tell("AWS limits the reads of the account: going on more slowly");
                    }
                }
                Err(Trouble::Passing(why)) => {
                    if instant() - *failing_since.get_or_insert_with(instant) >= PATIENCE {
                        return Err(Trouble::Final(format!("AWS has not answered for a minute: {why}")));
                    }
                    sleep(AGAIN).await;
                }
                Err(trouble) => return Err(trouble),
            }
        }
    }
}
