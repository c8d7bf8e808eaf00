//! The account and Region that this process works in. The Region is known from the start; AWS tells the account.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::api::JobTarget;

/// Objects wait so long for the first answer. Without an answer the operator works, and compares Regions only.
const FIRST_ANSWER: Duration = Duration::from_secs(3);

/// What is known of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Account {
    /// AWS has not answered yet.
    Asked,
    /// AWS did not answer, so far.
    Unknown,
    /// This one.
    Known(String),
}

/// Where this process works. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Place {
    region: String,
    account: watch::Sender<Account>,
}

impl Place {
    /// A place whose account is not known yet.
    pub fn new(region: String) -> Self {
        Self { region, account: watch::Sender::new(Account::Asked) }
    }

    /// AWS has told the account. The first answer stays: one process has one account.
    pub fn is_in(&self, account: String) {
        self.account.send_if_modified(|known| match known {
            Account::Known(_) => false,
            Account::Asked | Account::Unknown => {
                *known = Account::Known(account);
                true
            }
        });
    }

    /// AWS did not tell the account.
    pub fn is_unknown(&self) {
        self.account.send_if_modified(|known| {
            let is_first = *known == Account::Asked;
            if is_first {
                *known = Account::Unknown;
            }
            is_first
        });
    }

    /// Resolves when AWS has told the account, or did not tell in time. A claim names the account that is known by then.
    pub async fn settled(&self) {
        let mut account = self.account.subscribe();
        // An error means that nobody asks; running out of time, that AWS is slow. Both leave the account unknown.
        let _ = timeout(FIRST_ANSWER, account.wait_for(|account| *account != Account::Asked)).await;
    }

    /// The account, where it is known, and the Region.
    pub fn here(&self) -> JobTarget {
        let account_id = match &*self.account.borrow() {
            Account::Known(account) => Some(account.clone()),
            Account::Asked | Account::Unknown => None,
        };
        JobTarget { account_id, region: self.region.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_first_answer_stays_and_a_missing_one_holds_nobody_for_long() {
        let place = Place::new("us-east-1".to_owned());
        place.settled().await;
        assert_eq!(place.here().account_id, None);
        place.is_in("1".to_owned());
        place.is_in("2".to_owned());
        place.is_unknown();
        assert_eq!(place.here().account_id.as_deref(), Some("1"));
    }
}
