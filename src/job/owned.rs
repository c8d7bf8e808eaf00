//! Whose job it is. Only a job that is proven to be an object's is ended, or shown in its status.

use crate::api::{TAG_CLUSTER, TAG_NAME, TAG_NAMESPACE, TAG_UID};
use crate::job::{Accepted, JobId, RemoteJob, Tags};

/// The longest value of a tag in AWS.
const TAG_VALUE_MAX: usize = 256;

/// The values of the four tags on an object's job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    pub uid: String,
    pub cluster: String,
    pub namespace: String,
    pub name: String,
}

/// The owner of a job, by its tags, as seen from one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// All four tags name the object.
    Own,
    /// No tag names another object, and at least one is missing.
    Unknown,
    /// At least one tag names another object.
    Another,
}

impl Identity {
    /// The tags for SubmitJob.
    pub fn tags(&self) -> [(&'static str, String); 4] {
        let tag = |key, value: &str| (key, value.chars().take(TAG_VALUE_MAX).collect());
        [
            tag(TAG_UID, &self.uid),
            tag(TAG_CLUSTER, &self.cluster),
            tag(TAG_NAMESPACE, &self.namespace),
            tag(TAG_NAME, &self.name),
        ]
    }

    /// Whose the job with these tags is.
    pub fn judge(&self, tags: &Tags) -> Whose {
        let told: Vec<Option<bool>> =
            self.tags().into_iter().map(|(key, ours)| tags.get(key).map(|value| value == ours)).collect();
        if told.contains(&Some(false)) {
            Whose::Another
        } else if told.contains(&None) {
            Whose::Unknown
        } else {
            Whose::Own
        }
    }
}

/// A job that is proven to be an object's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned(JobId);

impl Owned {
    /// A proof is SubmitJob's own answer to this process.
    pub fn submitted(accepted: &Accepted) -> Self {
        Self(accepted.id.clone())
    }

    /// Another proof are all four tags of the object, on the job itself.
    pub fn tagged(job: &RemoteJob, identity: &Identity) -> Option<Self> {
        (identity.judge(&job.tags) == Whose::Own).then(|| Self(job.id.clone()))
    }

    /// Another proof is the consent to an adoption; the caller has checked it.
    pub fn adopted(job: &RemoteJob) -> Self {
        Self(job.id.clone())
    }

    pub fn id(&self) -> &JobId {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        Identity {
            uid: "u".to_owned(),
            cluster: "c".to_owned(),
            namespace: "team".to_owned(),
            name: "example".to_owned(),
        }
    }

    fn tags() -> Tags {
        identity().tags().into_iter().collect()
    }

    #[test]
    fn all_four_tags_make_a_job_the_objects_own() {
        assert_eq!(identity().judge(&tags()), Whose::Own);
        for (key, _) in identity().tags() {
            let missing = identity().tags().into_iter().filter(|(other, _)| *other != key).collect();
            assert_eq!(identity().judge(&missing), Whose::Unknown, "{key}");
            let mut other = tags();
            other.insert(key, "another");
            assert_eq!(identity().judge(&other), Whose::Another, "{key}");
            let only = [(key, "another")].into_iter().collect();
            assert_eq!(identity().judge(&only), Whose::Another, "{key}");
        }
        assert_eq!(identity().judge(&Tags::default()), Whose::Unknown);
    }
}
