//! The objects whose finalizer was bypassed, until their jobs are ended.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use tokio::sync::Notify;

use crate::api::BatchJob;
use crate::key::Key;

/// The objects as in their last watch event, with the later changes of their status.
#[derive(Debug, Default)]
pub struct Bypassed {
    objects: Mutex<BTreeMap<Key, Arc<BatchJob>>>,
    more: Notify,
}

impl Bypassed {
    /// Takes an object that was removed at this time. From now on the object counts as being deleted.
    pub fn take(&self, mut object: BatchJob, at: Timestamp) {
        object.metadata.deletion_timestamp = Some(Time(at));
        self.objects().insert(Key::of(&object), Arc::new(object));
        self.more.notify_one();
    }

    /// All these objects, as soon as there are any.
    pub async fn all(&self) -> BTreeMap<Key, Arc<BatchJob>> {
        loop {
            let objects = self.objects().clone();
            if !objects.is_empty() {
                return objects;
            }
            self.more.notified().await;
        }
    }

    /// The object after a pass; `None`: nothing is left to do for the object.
    pub fn put(&self, key: Key, left: Option<Arc<BatchJob>>) {
        match left {
            Some(object) => self.objects().insert(key, object),
            None => self.objects().remove(&key),
        };
    }

    /// Whether the object is held here.
    pub fn holds(&self, key: &Key) -> bool {
        self.objects().contains_key(key)
    }

    fn objects(&self) -> MutexGuard<'_, BTreeMap<Key, Arc<BatchJob>>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
