//! Learns the AWS account of the operator's credentials, and logs it once. Nothing else begins in an unexpected
//! account.

use std::time::Duration;

use tokio::time::sleep;

use crate::aws::sdk::Identity;
use crate::controller::Place;

/// The pauses between two calls: the first, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_secs(5), Duration::from_mins(5));

/// The longest pause while an account is expected, since nothing is done without an answer.
const HELD_BACK: Duration = Duration::from_secs(15);

/// Calls AWS STS until it returns an account, and the expected one if any. Logs the reason of each further call, each
/// reason once in a row.
pub async fn learn(identity: Identity, place: Place) {
    let longest = place.expected().map_or(PAUSES.1, |_| HELD_BACK);
    let (mut pause, mut told) = (PAUSES.0, None);
    loop {
        let why = match identity.caller().await {
            Ok(caller) => {
                let (account, principal, region) = (&caller.account, &caller.principal, place.here().region);
                if place.is_in(account.clone()) {
                    return tracing::info!(account, principal, region, "working in this AWS account");
                }
                let expected = place.expected().unwrap_or_default();
                format!(
                    "these credentials are of AWS account {account} ({principal}), and --expect-account is {expected}: nothing is submitted or looked at. Give the operator a role of {expected}, or correct --expect-account (aws.accountId in the chart)"
                )
            }
            Err(fault) => {
                place.is_unknown();
                let fault = fault.in_full();
                match place.expected() {
                    Some(expected) => format!(
                        "AWS STS does not tell the account ({fault}), and --expect-account is {expected}: nothing is submitted or looked at until it does. Check AWS_ENDPOINT_URL_STS, and the way to AWS STS"
                    ),
                    None => format!(
                        "AWS STS does not tell the account ({fault}); jobs of another account cannot be told from jobs that are gone"
                    ),
                }
            }
        };
        if told.as_ref() != Some(&why) {
            tracing::warn!("{why}");
            told = Some(why);
        }
        sleep(pause).await;
        pause = (pause * 2).min(longest);
    }
}
