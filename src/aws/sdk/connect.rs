//! How the clients find Region, credentials and endpoints: as the SDK does.

use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::time::SharedTimeSource;
use aws_types::service_config::ServiceConfigKey;

use super::client::Aws;
use super::credentials::Explained;
use super::endpoints::Endpoints;
use super::http::http_client;
use super::identity::Identity;
use super::proxies::Proxies;
use super::settings::Settings;
use super::trust;
use crate::app::environment::Environment;

/// The clients for the SDK's own settings.
#[derive(Clone, Debug)]
pub struct Connection {
    pub aws: Aws,
    /// Asks AWS STS for the account.
    pub identity: Identity,
    /// The Region, where one is set.
    pub region: Option<String>,
}

impl Aws {
    /// Clients with the SDK's own settings: Region, credentials, endpoints. Makes no call of AWS Batch yet. `Err` names
    /// an endpoint, a proxy or a bundle that is not accepted. The connector refuses any other endpoint that the SDK
    /// finds.
    pub async fn connect(
        settings: Settings,
        endpoints: Endpoints,
        environment: &Environment,
    ) -> Result<Connection, String> {
        let sdk = load(settings.attempt_timeout, settings.time(), endpoints, (environment, None)).await?;
        let sdk = match sdk.credentials_provider() {
            Some(chain) => {
                let explained = Explained::new(chain, environment.clone());
                let provider = SharedCredentialsProvider::new(explained);
                sdk.into_builder().credentials_provider(provider).build()
            }
            None => sdk,
        };
        Ok(Connection {
            identity: Identity::new((&sdk).into(), &settings),
            aws: Self::new((&sdk).into(), settings),
            region: sdk.region().map(ToString::to_string),
        })
    }
}

/// The SDK's own settings with our connector, for a client of another service. The SDK's search for a Region ends with a
/// question to the machine's metadata, which takes seconds on a laptop. So a given Region is not searched for.
pub async fn load(
    attempt_timeout: Duration,
    time: SharedTimeSource,
    endpoints: Endpoints,
    (environment, region): (&Environment, Option<String>),
) -> Result<SdkConfig, String> {
    let (trusted, proxies) = (trust::bundle(environment)?, Proxies::new(environment)?);
    let defaults = aws_config::defaults(BehaviorVersion::v2026_01_12());
    let settings = match region {
        Some(region) => defaults.region(Region::new(region)),
        None => defaults,
    };
    let sdk = settings
        .http_client(http_client(attempt_timeout, trusted, endpoints, proxies))
        .sleep_impl(Settings::sleep())
        .time_source(time)
        .load()
        .await;
    check(&sdk, endpoints)?;
    Ok(sdk)
}

/// Checks the endpoints of both services, as the clients read them from the environment and from the profile.
fn check(sdk: &SdkConfig, endpoints: Endpoints) -> Result<(), String> {
    if let Some(url) = sdk.endpoint_url() {
        endpoints.check("AWS_ENDPOINT_URL, or endpoint_url in the AWS profile,", url)?;
    }
    for (service, variable) in [("Batch", "AWS_ENDPOINT_URL_BATCH"), ("STS", "AWS_ENDPOINT_URL_STS")] {
        let key =
            ServiceConfigKey::builder().service_id(service).env("AWS_ENDPOINT_URL").profile("endpoint_url");
        let (Ok(key), Some(config)) = (key.build(), sdk.service_config()) else { continue };
        if let Some(url) = config.load_config(key) {
            endpoints
                .check(&format!("{variable}, or endpoint_url of that service in the AWS profile,"), &url)?;
        }
    }
    Ok(())
}
