//! Whose job it is.

use serde_json::Value;

use super::job::Job;
use super::object::{adopts, is_managed_elsewhere};

/// Whether the job is the object's, by its tag or by an adoption with consent. A job id that a person wrote into the
/// status gives no right.
pub fn owns(object: &Value, job: &Job) -> bool {
    let is_adopted = adopts(object) == Some(job.id.as_str()) && may_be_adopted(job);
    object["metadata"]["uid"] == job.uid() || is_adopted && !is_managed_elsewhere(object)
}

/// Whether the job is of this cluster, or a tag grants it.
pub fn may_be_adopted(job: &Job) -> bool {
    let is_ours = job.tags.get("awsbatch.dev/cluster").is_some_and(|cluster| cluster == "cluster");
    is_ours || job.tags.contains_key("awsbatch.dev/adoptable-by")
}
