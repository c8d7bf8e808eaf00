//! What the tags of an object's job say.

use kube::ResourceExt;

use crate::api::BatchJob;
use crate::job::Identity;

/// What the tags of the job of `object` say in this cluster.
pub fn identity(object: &BatchJob, cluster_id: &str) -> Identity {
    Identity {
        uid: object.uid().unwrap_or_default(),
        cluster: cluster_id.to_owned(),
        namespace: object.namespace().unwrap_or_default(),
        name: object.name_any(),
    }
}
