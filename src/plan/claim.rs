//! The claim: the write-ahead record of a submission, in an annotation. Objects in clusters hold this format.

use jiff::Timestamp;
use kube::ResourceExt;
use serde::{Deserialize, Serialize};

use crate::api::{BatchJob, CLAIM_ANNOTATION, JobTarget};

/// A SubmitJob for this object may have been sent at `at` or soon after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The version of this format, and of the derivation of the job name.
    pub v: u32,
    /// The object's UID. A copy of the claim on another object is ignored.
    pub uid: String,
    /// When the claim was made; the request is signed with this time.
    pub at: Timestamp,
    /// The process that made the claim. No two processes share a name, so a process recognises its own claims.
    pub holder: String,
    /// Whether AWS may have accepted a SubmitJob of an earlier claim. The object may then have another job.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
    /// The account and Region that the request is sent to. Older claims lack the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<JobTarget>,
}

impl Claim {
    /// The version that this program writes.
    pub const VERSION: u32 = 1;

    pub fn to_annotation(&self) -> String {
        serde_json::to_string(self).expect("a claim is strings, numbers, times and flags")
    }
}

/// The claim on an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// No claim, or one for another object.
    No,
    /// A claim for this object.
    Yes(Claim),
    /// The annotation cannot be read: a person edited it, or a newer version wrote it. A request may have been sent at
    /// an unknown time.
    Unreadable,
}

/// Reads the claim of an object.
pub fn claimed(object: &BatchJob) -> Claimed {
    let Some(text) = object.annotations().get(CLAIM_ANNOTATION) else {
        return Claimed::No;
    };
    match serde_json::from_str::<Claim>(text) {
        Ok(claim) if Some(&claim.uid) != object.metadata.uid.as_ref() => Claimed::No,
        Ok(claim) if claim.v == Claim::VERSION => Claimed::Yes(claim),
        _ => Claimed::Unreadable,
    }
}

/// Whether the claim annotation exists, readable or not.
pub fn bears_claim(object: &BatchJob) -> bool {
    object.annotations().contains_key(CLAIM_ANNOTATION)
}
