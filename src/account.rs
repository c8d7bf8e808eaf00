//! Learns whose account the operator works in, so that a job of another account is told from one that is gone.

use std::time::Duration;

use tokio::time::sleep;

use crate::batch::aws::Identity;
use crate::controller::Place;

/// The pauses between two questions: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(5), Duration::from_mins(5));

/// Asks AWS until it answers. Says once why it does not.
pub async fn learn(identity: Identity, place: Place) {
    let mut pause = PAUSES.0;
    let mut is_told = false;
    loop {
        match identity.account_id().await {
            Ok(account) => {
                tracing::info!(account, "AWS has told the account");
                return place.is_in(account);
            }
            Err(fault) if !is_told => {
                is_told = true;
                tracing::warn!(
                    "AWS STS does not tell the account ({fault}); jobs of another account cannot be told from jobs that are gone"
                );
            }
            Err(_) => {}
        }
        place.is_unknown();
        sleep(pause).await;
        pause = (pause * 2).min(PAUSES.1);
    }
}
