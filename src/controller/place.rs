//! The account and Region that this process works in. The Region is known from the start; AWS tells the account.

use std::sync::{Arc, OnceLock};

use crate::api::JobTarget;

/// Where this process works. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Place {
    region: String,
    account: Arc<OnceLock<String>>,
}

impl Place {
    /// A place whose account is not known yet.
    pub fn new(region: String) -> Self {
        Self { region, account: Arc::default() }
    }

    /// AWS has told the account. The first answer stays: one process has one account.
    pub fn is_in(&self, account: String) {
        // A second answer changes nothing.
        let _ = self.account.set(account);
    }

    /// The account, where it is known, and the Region.
    pub fn here(&self) -> JobTarget {
        JobTarget { account_id: self.account.get().cloned(), region: self.region.clone() }
    }
}
