//! Identifies one object for its whole life. An object that is deleted and created again has another key.

use kube::ResourceExt;

/// Namespace, name and UID of a `BatchJob`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub namespace: String,
    pub name: String,
    pub uid: String,
}

impl Key {
    /// The key of an object, decoded or not.
    pub fn of(object: &impl ResourceExt) -> Self {
        Self {
            namespace: object.namespace().unwrap_or_default(),
            name: object.name_any(),
            uid: object.uid().unwrap_or_default(),
        }
    }
}
