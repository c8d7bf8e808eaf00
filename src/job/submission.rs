//! The request and the answer of SubmitJob. The request is complete: the sender decides nothing more.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use crate::api::{self, BatchJobSpec};
use crate::job::JobId;

/// The largest request body that AWS accepts, in bytes ("30 KiB" in the service quotas).
pub const MAX_BODY_BYTES: usize = 30 * 1024;
/// The most tags of one job in AWS.
pub const MAX_TAGS: usize = 50;

/// One SubmitJob request, complete.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    /// The job's name in AWS.
    pub name: String,
    /// The request members. `jobName` and `tags` of the spec are replaced by the other members here.
    pub spec: BatchJobSpec,
    /// The user's tags and our four tags.
    pub tags: BTreeMap<String, String>,
    /// The claim's time. The request is signed with this time, so that AWS refuses it after a delay of five minutes.
    pub signed_at: Timestamp,
}

impl Submission {
    /// The request body, as it is sent.
    pub fn body(&self) -> Value {
        let mut body = api::request_json(&self.spec);
        if let Value::Object(members) = &mut body {
            members.insert("jobName".into(), self.name.clone().into());
            let tags = self.tags.iter().map(|(key, value)| (key.clone(), value.clone().into()));
            members.insert("tags".into(), Value::Object(tags.collect()));
        }
        body
    }
}

/// The answer of SubmitJob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub id: JobId,
    pub arn: Option<String>,
    pub name: Option<String>,
}
