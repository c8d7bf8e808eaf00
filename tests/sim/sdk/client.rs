//! The operator's real client, for one process.

use std::sync::Arc;
use std::time::Duration;

use aws_batch_operator::aws::Permit;
use aws_batch_operator::aws::sdk::{Aws, Settings};
use aws_sdk_batch::config::{BehaviorVersion, Builder, Credentials, Region};

use super::super::link::Link;
use super::super::world::World;
use super::account::Account;
use super::mistake::Mistake;
use super::network::Network;

/// The longest time for one attempt, from connection to last byte.
const ATTEMPT: Duration = Duration::from_secs(10);

/// A client over the network of this world.
pub fn client(world: &Arc<World>, link: &Arc<Link>, permit: Permit, account: Arc<Account>) -> Aws {
    let config = Builder::new()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "sim"))
        .disable_clock_skew_correction(true)
        .http_client(Network { world: world.clone(), link: link.clone(), account });
    let config = match world.mutation {
        Some(mutation) => config.interceptor(Mistake(mutation)),
        None => config,
    };
    Aws::new(config, Settings { attempt_timeout: ATTEMPT, permit })
}
