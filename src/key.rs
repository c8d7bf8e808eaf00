//! Names one object for its whole life: an object deleted and created again under the same name is another one.

use kube::ResourceExt;

use crate::api::BatchJob;

/// Namespace, name and UID of a `BatchJob`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The namespace.
    pub namespace: String,
    /// The name.
    pub name: String,
    /// The UID.
    pub uid: String,
}

impl From<&BatchJob> for Key {
    fn from(object: &BatchJob) -> Self {
        Self {
            namespace: object.namespace().unwrap_or_default(),
            name: object.name_any(),
            uid: object.uid().unwrap_or_default(),
        }
    }
}
