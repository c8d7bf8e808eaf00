//! The claim: the write-ahead record of a submission, kept in an annotation. Its format is stored in people's clusters.

use jiff::Timestamp;
use kube::ResourceExt;
use serde::{Deserialize, Serialize};

use crate::api::{BatchJob, CLAIM_ANNOTATION, JobTarget};

/// Says: a SubmitJob for this very object may have been sent at `at` or soon after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The version of this format, and of the derivation of the job name.
    pub v: u32,
    /// The object's UID: a claim copied to another object is no claim.
    pub uid: String,
    /// When the claim was made; the request is signed with this time.
    pub at: Timestamp,
    /// Which process of the operator made it. No two processes bear one name, so a process knows its own claims.
    pub holder: String,
    /// Whether a SubmitJob of an earlier claim may have been accepted: another job of the object may hide somewhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
    /// The account and Region that the request goes to: nowhere else can its job be. Older claims lack it.
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

/// What the object says of its submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// No claim, or one for another object.
    No,
    /// A claim for this object.
    Yes(Claim),
    /// The annotation is there but cannot be read: someone edited it, or a newer version wrote it. A job may have been
    /// sent, at a time that nobody knows.
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

/// Whether the claim annotation is there at all, whatever it says.
pub fn bears_claim(object: &BatchJob) -> bool {
    object.annotations().contains_key(CLAIM_ANNOTATION)
}
