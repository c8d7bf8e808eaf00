//! The objects that were taken away in spite of our finalizer, as long as their jobs are yet to be ended.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use tokio::sync::Notify;

use crate::api::BatchJob;
use crate::key::Key;

/// The objects whose jobs are yet to be ended: as the watch showed them last, and with what was learnt since.
#[derive(Debug, Default)]
pub struct Bypassed {
    objects: Mutex<BTreeMap<Key, Arc<BatchJob>>>,
    more: Notify,
}

impl Bypassed {
    /// Takes an object that went at this time: from now on, it is one that is being deleted.
    pub fn take(&self, mut object: BatchJob, at: Timestamp) {
        object.metadata.deletion_timestamp = Some(Time(at));
        self.objects().insert(Key::of(&object), Arc::new(object));
        self.more.notify_one();
    }

    /// All of them, as soon as there are any.
    pub async fn all(&self) -> BTreeMap<Key, Arc<BatchJob>> {
        loop {
            let objects = self.objects().clone();
            if !objects.is_empty() {
                return objects;
            }
            self.more.notified().await;
        }
    }

    /// What became of one; `None`: nothing is left to do for it.
    pub fn put(&self, key: Key, left: Option<Arc<BatchJob>>) {
        match left {
            Some(object) => self.objects().insert(key, object),
            None => self.objects().remove(&key),
        };
    }

    /// Whether it is one of them.
    pub fn holds(&self, key: &Key) -> bool {
        self.objects().contains_key(key)
    }

    fn objects(&self) -> MutexGuard<'_, BTreeMap<Key, Arc<BatchJob>>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
