//! The record of submissions in a status, so that a restart changes nothing: the job's target, and the latest refusal.

use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An AWS account and Region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobTarget {
    /// The AWS account, if known.
    #[serde(rename = "accountID", default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub account_id: Option<String>,
    /// The AWS Region.
    #[schemars(length(max = 64))]
    pub region: String,
}

/// What became of the latest submission that brought no job. One that AWS surely did not accept may be made again without a
/// look for its job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubmissionStatus {
    /// The time in the claim of this submission.
    #[schemars(with = "Time")]
    pub claimed_at: Timestamp,
    /// The holder in the claim of this submission.
    #[schemars(length(max = 512))]
    pub claimed_by: String,
    /// The outcome of the submission.
    pub outcome: SubmissionOutcome,
    /// The number of submissions in a row that AWS did not accept. 0 for `NotFound`.
    #[schemars(with = "i32", range(min = 0))]
    pub attempts: u32,
}

impl SubmissionStatus {
    /// Whether the submission was made for the claim of that time and holder.
    pub fn is_about(&self, claimed_at: Timestamp, claimed_by: &str) -> bool {
        self.claimed_at == claimed_at && self.claimed_by == claimed_by
    }
}

/// How a submission ended that brought no job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum SubmissionOutcome {
    /// AWS answered 429.
    Throttled,
    /// AWS answered 400.
    Refused,
    /// AWS answered 403, or there were no credentials.
    AccessDenied,
    /// Nothing reached AWS.
    Unreachable,
    /// The answer was lost, and AWS showed no job of this name once none could hide any more.
    NotFound,
}

impl JobTarget {
    /// The account and Region in an ARN; `None` where it names no Region.
    pub fn of_arn(arn: &str) -> Option<Self> {
        let mut parts = arn.strip_prefix("arn:")?.split(':').skip(2);
        let region = parts.next().filter(|region| !region.is_empty())?.to_owned();
        let account_id = parts.next().filter(|account| !account.is_empty()).map(str::to_owned);
        Some(Self { account_id, region })
    }

    /// Whether a job of this target cannot be one of `here`. An unknown account contradicts no account.
    pub fn contradicts(&self, here: &Self) -> bool {
        let differs = |(one, other): (&String, &String)| one != other;
        self.region != here.region
            || self.account_id.as_ref().zip(here.account_id.as_ref()).is_some_and(differs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(account_id: Option<&str>, region: &str) -> JobTarget {
        JobTarget { account_id: account_id.map(str::to_owned), region: region.to_owned() }
    }

    #[test]
    fn an_arn_tells_account_and_region() {
        let arn = "arn:aws-cn:batch:cn-north-1:123456789012:job/1";
        assert_eq!(JobTarget::of_arn(arn), Some(target(Some("123456789012"), "cn-north-1")));
        for text in ["", "HighPriority", "arn:aws:s3:::bucket", "arn:aws:batch"] {
            assert_eq!(JobTarget::of_arn(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_not_known_contradicts_nothing() {
        let here = target(Some("1"), "us-east-1");
        assert!(target(Some("1"), "eu-west-1").contradicts(&here));
        assert!(target(Some("2"), "us-east-1").contradicts(&here));
        assert!(target(None, "eu-west-1").contradicts(&here));
        assert!(!target(Some("1"), "us-east-1").contradicts(&here));
        assert!(!target(None, "us-east-1").contradicts(&here));
        assert!(!here.contradicts(&target(None, "us-east-1")));
    }
}
