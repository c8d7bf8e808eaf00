//! Where the service is: one account in one Region, which every ARN names.

use std::fmt::Display;

/// An account in a Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The account's id.
    pub account: String,
    /// The Region.
    pub region: String,
}

impl Default for Home {
    fn default() -> Self {
        Self { account: "123456789012".to_owned(), region: "us-east-1".to_owned() }
    }
}

impl Home {
    /// The ARN of that resource of AWS Batch.
    pub fn arn(&self, kind: &str, name: impl Display) -> String {
        self.arn_of("batch", kind, name)
    }

    /// The ARN of that resource of another service.
    pub fn arn_of(&self, service: &str, kind: &str, name: impl Display) -> String {
        format!("arn:aws:{service}:{}:{}:{kind}/{name}", self.region, self.account)
    }

    /// The name that a name or an ARN of this kind stands for; `None`: it is an ARN of another place or kind.
    pub fn local<'a>(&self, kind: &str, name_or_arn: &'a str) -> Option<&'a str> {
        if name_or_arn.starts_with("arn:") {
            name_or_arn.strip_prefix(&self.arn(kind, ""))
        } else {
            Some(name_or_arn)
        }
    }

    /// Sixteen bits that differ from place to place, so that no two places issue the same id; 0 by default.
    pub fn digest(&self) -> u64 {
        let default = Self::default();
        let fold = |home: &Self| {
            let bytes = home.account.bytes().chain(home.region.bytes());
            bytes.fold(7, |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) % 65_521
        };
        fold(self) ^ fold(&default)
    }
}
