//! The values of the four tags on an object's job.

use kube::ResourceExt;

use crate::api::BatchJob;
use crate::job::Identity;

/// The tag values for the job of `object` in this cluster.
pub fn identity(object: &BatchJob, cluster_id: &str) -> Identity {
    Identity {
        uid: object.uid().unwrap_or_default(),
        cluster: cluster_id.to_owned(),
        namespace: object.namespace().unwrap_or_default(),
        name: object.name_any(),
    }
}
