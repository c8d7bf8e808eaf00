//! The tags of a job that the operator reads. Any user may add others, long ones too: these are not kept.

use crate::api::{TAG_ADOPTABLE_BY, TAG_CLUSTER, TAG_NAME, TAG_NAMESPACE, TAG_UID};

/// The tags of this project on a job. Each is a member of its own: a map of them takes four times as many bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    uid: Option<Box<str>>,
    cluster: Option<Box<str>>,
    namespace: Option<Box<str>>,
    name: Option<Box<str>>,
    adoptable_by: Option<Box<str>>,
}

impl Tags {
    /// The value of the tag with this key.
    pub fn get(&self, key: &str) -> Option<&str> {
        match key {
            TAG_UID => self.uid.as_deref(),
            TAG_CLUSTER => self.cluster.as_deref(),
            TAG_NAMESPACE => self.namespace.as_deref(),
            TAG_NAME => self.name.as_deref(),
            TAG_ADOPTABLE_BY => self.adoptable_by.as_deref(),
            _ => None,
        }
    }

    /// Adds a tag, if its key is one of this project.
    pub fn insert(&mut self, key: &str, value: &str) {
        let place = match key {
            TAG_UID => &mut self.uid,
            TAG_CLUSTER => &mut self.cluster,
            TAG_NAMESPACE => &mut self.namespace,
            TAG_NAME => &mut self.name,
            TAG_ADOPTABLE_BY => &mut self.adoptable_by,
            _ => return,
        };
        *place = Some(value.into());
    }
}

impl<K: AsRef<str>, V: AsRef<str>> FromIterator<(K, V)> for Tags {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(pairs: T) -> Self {
        let mut tags = Self::default();
        pairs.into_iter().for_each(|(key, value)| tags.insert(key.as_ref(), value.as_ref()));
        tags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tags_of_a_user_are_not_kept() {
        let keys = [TAG_UID, TAG_CLUSTER, TAG_NAMESPACE, TAG_NAME, TAG_ADOPTABLE_BY];
        let theirs = ["awsbatch.devs/uid", "awsbatch.dev/", "awsbatch.dev/other", "team"];
        let tags: Tags = keys.iter().chain(&theirs).map(|key| (key, format!("value of {key}"))).collect();
        for key in keys {
            assert_eq!(tags.get(key), Some(format!("value of {key}").as_str()));
        }
        assert!(theirs.iter().all(|key| tags.get(key).is_none()), "{tags:?}");
    }
}
