//! Whose credentials these are: the account, as AWS STS tells it. No permission is needed to ask.

use aws_sdk_sts::Client;
use aws_sdk_sts::config::Builder;
use aws_sdk_sts::config::retry::RetryConfig;

use super::fault;
use super::settings::Settings;
use super::transmit::Transmit;
use crate::batch::{Fault, Fence};

/// The way to learn the account. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Identity {
    client: Client,
    settings: Settings,
}

impl Identity {
    /// One of this configuration, with our timeouts, our clock and without retries. No fence: whose credentials these are
    /// may be asked by whoever has them.
    pub fn new(config: Builder, settings: &Settings) -> Self {
        let settings = Settings { fence: Fence::open(), ..settings.clone() };
        let config = config
            .retry_config(RetryConfig::disabled())
            .timeout_config(settings.timeouts())
            .sleep_impl(Settings::sleep())
            .time_source(settings.time())
            .disable_clock_skew_correction(true);
        Self { client: Client::from_conf(config.build()), settings }
    }

    /// The account's twelve digits. One call, within the attempt timeout.
    pub async fn account_id(&self) -> Result<String, Fault> {
        let transmit = Transmit::at_any_time(&self.settings);
        let call = self.client.get_caller_identity().customize().interceptor(transmit.clone());
        let answer = call.send().await.map_err(|error| fault::sort(&error, &transmit))?;
        let account = answer.account.filter(|account| !account.is_empty());
        account.ok_or_else(|| fault::not_whole("AWS STS answered without an account", &transmit))
    }
}
