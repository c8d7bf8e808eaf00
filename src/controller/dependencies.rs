//! Dependencies between BatchJobs: finds the BatchJobs that an object names, and wakes the object when one of them
//! changes. Nothing polls.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kube::runtime::reflector::{ObjectRef, Store};
use kube::{Resource, ResourceExt};
use tokio::sync::Notify;
use tokio::time::sleep;

use super::cached::Cached;
use super::cycles::{Cycles, cycles};
use super::verdicts::{Ring, Verdicts};
use super::waiting::Waiting;
use crate::api::{BatchJob, JobTarget};
use crate::key::Key;
use crate::plan::{Owner, Parent, names, waits};

/// The pause between two searches for cycles. A namespace thus costs at most one walk a second.
const PAUSE: Duration = Duration::from_secs(1);

/// The caches, and the objects that wait for a change in them.
pub struct Dependencies {
    stores: Vec<(Option<String>, Store<Cached>)>,
    waiting: Mutex<Waiting>,
    verdicts: Mutex<Verdicts>,
    asked: Notify,
}

impl Dependencies {
    /// One store per watched namespace; `None`: all namespaces.
    pub fn new(stores: Vec<(Option<String>, Store<Cached>)>) -> Self {
        Self { stores, waiting: Mutex::default(), verdicts: Mutex::default(), asked: Notify::new() }
    }

    /// The BatchJobs that `object` names, as the cache shows them. The object is woken when one of them changes. The
    /// cost is one lookup per name: [`Dependencies::run`] searches for cycles, and wakes the members of each.
    pub fn parents(&self, key: &Key, object: &BatchJob, here: &JobTarget) -> BTreeMap<String, Parent> {
        if !asks(object) {
            self.forget(key);
            return BTreeMap::new();
        }
        // First the entry, then the lookup, so that no change is missed in between.
        self.waiting().add(key, names(object));
        let ring = || {
            let (ring, is_new_wish) = self.verdicts().ask(key);
            if is_new_wish {
                self.asked.notify_one();
            }
            ring
        };
        self.look_up(key, object, here, ring)
    }

    /// Like `parents`, for a read without effect: it registers no wake and asks for no search.
    pub fn glimpse(&self, key: &Key, object: &BatchJob, here: &JobTarget) -> BTreeMap<String, Parent> {
        if asks(object) {
            self.look_up(key, object, here, || self.verdicts().ring(key))
        } else {
            BTreeMap::new()
        }
    }

    fn look_up(
        &self,
        key: &Key,
        object: &BatchJob,
        here: &JobTarget,
        ring: impl FnOnce() -> Option<Arc<Ring>>,
    ) -> BTreeMap<String, Parent> {
        let mut parents: BTreeMap<_, _> =
            names(object).map(|name| (name.to_owned(), self.parent(key, name, here))).collect();
        if waits(object)
            && parents.values().any(|parent| *parent == Parent::Waiting)
            && let Some(ring) = ring()
        {
            self.tell_cycle(key, &ring, &mut parents);
        }
        parents
    }

    /// Removes and returns the objects that wait for the object of that name, which has changed or was removed.
    pub fn released(&self, namespace: &str, name: &str) -> BTreeSet<Arc<Key>> {
        let uid = self.waiting_uid(namespace, name);
        if self.verdicts().changed(namespace, name, uid.as_deref()) {
            self.verdicts().ask_again(namespace);
            self.asked.notify_one();
        }
        self.waiting().release(namespace, name)
    }

    /// The cache of a namespace (`None`: of all) was filled again, so earlier results about cycles may be old.
    pub fn listed(&self, namespace: Option<&str>) {
        self.verdicts().clear(namespace);
    }

    /// Forgets an object that was removed, or that no longer waits.
    pub fn forget(&self, key: &Key) {
        self.waiting().forget(key);
    }

    /// The state of the BatchJob of that name and UID in the cache.
    pub fn owner(&self, namespace: &str, name: &str, uid: &str) -> Owner {
        let Some(store) = self.store(namespace) else { return Owner::Unseen };
        let Some(found) = store.get(&ObjectRef::<Cached>::new(name).within(namespace)) else {
            return Owner::Gone;
        };
        found.object().map_or(Owner::Living, |object| Owner::of(&object, uid))
    }

    /// Searches for cycles, for ever, whenever a waiting object was part of no search yet. Calls `wake` for each new
    /// member of a cycle.
    pub async fn run(&self, wake: impl Fn(&Key)) {
        loop {
            let asked = self.verdicts().asked();
            if asked.is_empty() {
                self.asked.notified().await;
                continue;
            }
            for (namespace, found) in cycles(&self.all_waiting(&asked)).await {
                self.judge(&namespace, found).iter().for_each(&wake);
            }
            sleep(PAUSE).await;
        }
    }

    fn all_waiting(&self, namespaces: &HashSet<String>) -> Vec<Arc<Cached>> {
        let is_asked = |cached: &Cached| {
            let namespace = cached.meta().namespace.as_ref();
            namespace.is_some_and(|namespace| namespaces.contains(namespace)) && cached.is_waiting()
        };
        self.stores.iter().flat_map(|(_, store)| store.state_filter(is_asked)).collect()
    }

    /// Records the result of a search, except rings with a changed object. A change that comes later finds this record.
    fn judge(&self, namespace: &str, found: Cycles) -> Vec<Key> {
        let mut verdicts = self.verdicts();
        let stands =
            |(name, uid): (&String, &String)| self.waiting_uid(namespace, name).as_ref() == Some(uid);
        let (rings, broken): (Vec<_>, Vec<_>) =
            found.rings.into_iter().partition(|ring| ring.iter().all(stands));
        if !broken.is_empty() {
            verdicts.ask_again(namespace);
        }
        let is_open = |key: &Key| broken.iter().any(|ring| ring.contains_key(&key.name));
        let seen = found.seen.into_iter().filter(|key| !is_open(key)).collect();
        verdicts.found(namespace, seen, rings)
    }

    fn tell_cycle(&self, key: &Key, ring: &Ring, parents: &mut BTreeMap<String, Parent>) {
        for (name, parent) in parents.iter_mut().filter(|(_, parent)| **parent == Parent::Waiting) {
            let uid = self.waiting_uid(&key.namespace, name);
            if uid.is_some() && ring.get(name) == uid.as_ref() {
                *parent = Parent::Cycle;
            }
        }
    }

    /// The UID of the object of that name, if it waits.
    fn waiting_uid(&self, namespace: &str, name: &str) -> Option<String> {
        self.get(namespace, name).filter(|cached| cached.is_waiting())?.uid()
    }

    fn parent(&self, child: &Key, name: &str, here: &JobTarget) -> Parent {
        if name == child.name {
            return Parent::Cycle;
        }
        let Some(cached) = self.get(&child.namespace, name) else { return Parent::Missing };
        cached.object().map_or(Parent::Waiting, |parent| Parent::of(&parent, here))
    }

    /// The object of that name, as the cache shows it.
    pub fn get(&self, namespace: &str, name: &str) -> Option<Arc<Cached>> {
        self.store(namespace)?.get(&ObjectRef::<Cached>::new(name).within(namespace))
    }

    /// Whether the cache shows this very object.
    pub fn shows(&self, key: &Key) -> bool {
        self.get(&key.namespace, &key.name).is_some_and(|cached| Key::of(cached.as_ref()) == *key)
    }

    /// The number of the watch that shows the objects of the namespace.
    pub fn scope(&self, namespace: &str) -> Option<usize> {
        let holds = |scope: &Option<String>| scope.as_ref().is_none_or(|scope| scope == namespace);
        self.stores.iter().position(|(scope, _)| holds(scope))
    }

    fn store(&self, namespace: &str) -> Option<&Store<Cached>> {
        self.scope(namespace).map(|scope| &self.stores[scope].1)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn verdicts(&self) -> MutexGuard<'_, Verdicts> {
        self.verdicts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the state of its dependencies matters to the object.
fn asks(object: &BatchJob) -> bool {
    let has_job = object.status.as_ref().is_some_and(|status| status.job_id.is_some());
    !has_job && !object.has_ended()
}
