//! How the clients find Region, credentials and endpoints: the SDK's own way.

use aws_config::BehaviorVersion;

use super::client::Aws;
use super::http::http_client;
use super::identity::Identity;
use super::settings::Settings;

/// What the SDK's own settings lead to.
#[derive(Clone, Debug)]
pub struct Connection {
    /// AWS Batch.
    pub aws: Aws,
    /// Whose account it is.
    pub identity: Identity,
    /// The Region, where one is set.
    pub region: Option<String>,
}

impl Aws {
    /// Clients with the SDK's own settings: Region, credentials, endpoints. Calls nothing of AWS yet.
    pub async fn connect(settings: Settings) -> Connection {
        let sdk = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .http_client(http_client(settings.attempt_timeout, None))
            .sleep_impl(Settings::sleep())
            .time_source(settings.time())
            .load()
            .await;
        Connection {
            identity: Identity::new((&sdk).into(), &settings),
            aws: Self::new((&sdk).into(), settings),
            region: sdk.region().map(ToString::to_string),
        }
    }
}
