//! How the client finds its Region, its credentials and its endpoint: the SDK's own way.

use aws_config::BehaviorVersion;
use aws_sdk_batch::config::Builder;

use super::client::{Aws, Settings};
use super::http::http_client;

impl Aws {
    /// A client with the SDK's own settings: Region, credentials, endpoint. Answers the Region too, where one is set.
    pub async fn connect(settings: Settings) -> (Self, Option<String>) {
        let http = http_client(settings.attempt_timeout, None);
        let sdk = aws_config::defaults(BehaviorVersion::v2026_01_12()).http_client(http).load().await;
        let region = sdk.region().map(ToString::to_string);
        (Self::new(Builder::from(&sdk), settings), region)
    }
}
