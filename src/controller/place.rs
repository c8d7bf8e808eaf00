//! The account and Region that this process works in. The Region is known from the start; AWS STS returns the account.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::api::JobTarget;

/// Objects wait this long for the first answer. Without an answer the operator works, and compares only Regions.
const FIRST_ANSWER: Duration = Duration::from_secs(3);

/// What is known of the account.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Account {
    /// AWS has not answered yet.
    Asked,
    /// AWS did not answer, so far.
    Unknown,
    /// Not the expected account.
    Another,
    Known(String),
}

/// Where this process works. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Place {
    region: String,
    /// If set, nothing is done before AWS STS has returned this account.
    expected: Option<String>,
    account: watch::Sender<Account>,
}

impl Place {
    /// A place whose account is not known yet.
    pub fn new(region: String) -> Self {
        Self { region, expected: None, account: watch::Sender::new(Account::Asked) }
    }

    /// Makes the place do nothing but in this account.
    #[must_use]
    pub fn expecting(self, expected: Option<String>) -> Self {
        Self { expected, ..self }
    }

    /// The account that must be known before anything is done.
    pub fn expected(&self) -> Option<&str> {
        self.expected.as_deref()
    }

    /// Records the account that AWS STS returned. The first acceptable answer stays, because a process has one account.
    /// Returns whether the account is acceptable.
    pub fn is_in(&self, account: String) -> bool {
        let may_be = self.expected.as_ref().is_none_or(|expected| *expected == account);
        self.account.send_if_modified(|known| {
            let is_news = !matches!(known, Account::Known(_));
            if is_news {
                *known = if may_be { Account::Known(account) } else { Account::Another };
            }
            is_news
        });
        may_be
    }

    /// Whether anything may be done here. Always true if no account is expected.
    pub fn is_proven(&self) -> bool {
        self.missing().is_none()
    }

    /// Why nothing is done yet, in a few words.
    pub fn missing(&self) -> Option<&'static str> {
        match &*self.account.borrow() {
            Account::Known(_) => None,
            _ if self.expected.is_none() => None,
            Account::Another => Some("another AWS account is expected"),
            Account::Asked | Account::Unknown => Some("waiting for AWS STS to tell the account"),
        }
    }

    /// Resolves when work may begin here.
    pub async fn proven(&self) {
        let mut account = self.account.subscribe();
        if self.expected.is_some() {
            // An error means that the process stops.
            let _ = account.wait_for(|account| matches!(account, Account::Known(_))).await;
        }
    }

    /// Records that AWS STS did not return the account.
    pub fn is_unknown(&self) {
        self.account.send_if_modified(|known| {
            let is_news = matches!(known, Account::Asked | Account::Another);
            if is_news {
                *known = Account::Unknown;
            }
            is_news
        });
    }

    /// Resolves when AWS STS has returned the account, or after a timeout. There is no timeout if an account is
    /// expected. A claim names the account that is known by then.
    pub async fn settled(&self) {
        self.proven().await;
        let mut account = self.account.subscribe();
        // An error means that the process stops, a timeout that AWS is slow. Both leave the account unknown.
        let _ = timeout(FIRST_ANSWER, account.wait_for(|account| *account != Account::Asked)).await;
    }

    /// The account, where it is known, and the Region.
    pub fn here(&self) -> JobTarget {
        let account_id = match &*self.account.borrow() {
            Account::Known(account) => Some(account.clone()),
            Account::Asked | Account::Unknown | Account::Another => None,
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

    #[tokio::test(start_paused = true)]
    async fn nothing_begins_before_the_expected_account_is_told() {
        let place = Place::new("us-east-1".to_owned()).expecting(Some("1".to_owned()));
        let long = Duration::from_hours(1);
        let tell: [fn(&Place); 3] =
            [|_| {}, Place::is_unknown, |place| assert!(!place.is_in("2".to_owned()))];
        for tell in tell {
            tell(&place);
            assert!(timeout(long, place.settled()).await.is_err(), "{place:?}");
            assert!(!place.is_proven() && place.here().account_id.is_none(), "{place:?}");
        }
        assert!(place.is_in("1".to_owned()));
        place.settled().await;
        assert!(place.is_proven() && place.missing().is_none());
    }
}
