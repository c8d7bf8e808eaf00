//! What SubmitJob is given and what it answers. Complete: whoever sends it decides nothing more.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use crate::api::{self, BatchJobSpec};
use crate::job::JobId;

/// The largest request body AWS takes, in bytes ("30 KiB" in the service quotas).
pub const MAX_BODY_BYTES: usize = 30 * 1024;
/// Most tags AWS takes on one job.
pub const MAX_TAGS: usize = 50;

/// One SubmitJob request, complete.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    /// The job's name, as it goes to AWS.
    pub name: String,
    /// The request members; its own `jobName` and `tags` are replaced by ours.
    pub spec: BatchJobSpec,
    /// The user's tags and the four of identity.
    pub tags: BTreeMap<String, String>,
    /// The claim's time. The request is signed with it, so that AWS refuses one that was held up for five minutes.
    pub signed_at: Timestamp,
}

impl Submission {
    /// The request body, as it goes over the wire.
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

/// AWS took the job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub id: JobId,
    pub arn: Option<String>,
    pub name: Option<String>,
}
