//! Who waits for whom: looks up the BatchJobs that an object names, and wakes it when one of them changes. Nobody polls.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use kube::runtime::reflector::{ObjectRef, Store};

use super::Guarded;
use crate::api::{BatchJob, Phase};
use crate::batch::JobId;
use crate::key::Key;
use crate::plan::{Owner, Parent};

/// The caches, and who waits for a change in them.
pub struct Kin {
    stores: Vec<(Option<String>, Store<Guarded>)>,
    waiting: Mutex<Waiting>,
}

impl Kin {
    /// Nobody waits yet. A store per watched namespace; `None`: all namespaces.
    pub fn new(stores: Vec<(Option<String>, Store<Guarded>)>) -> Self {
        Self { stores, waiting: Mutex::default() }
    }

    /// The BatchJobs that `object` names, as the cache shows them. It is woken when one of them changes from now on.
    pub fn parents(&self, key: &Key, object: &BatchJob) -> BTreeMap<String, Parent> {
        let has_job = object.status.as_ref().is_some_and(|status| status.job_id.is_some());
        if has_job {
            return BTreeMap::new();
        }
        // First the promise to be woken, then the look: no change can fall between.
        self.wait(key, object);
        names(object).map(|name| (name.to_owned(), self.parent(&key.namespace, name, &key.name))).collect()
    }

    /// Those who wait for the object of that name; they wait no longer.
    pub fn released(&self, namespace: &str, name: &str) -> BTreeSet<Key> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.release(namespace, name)
    }

    /// Forgets an object that is gone.
    pub fn forget(&self, key: &Key) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).forget(key);
    }

    /// What the cache knows of the BatchJob of that name and UID.
    pub fn owner(&self, namespace: &str, name: &str, uid: &str) -> Owner {
        let Some(store) = self.store(namespace) else { return Owner::Unseen };
        let Some(found) = store.get(&ObjectRef::<Guarded>::new(name).within(namespace)) else {
            return Owner::Gone;
        };
        let Ok(object) = &found.0 else { return Owner::Living };
        let phase = object.status.as_ref().and_then(|status| status.phase);
        let is_another = object.metadata.uid.as_deref() != Some(uid);
        if is_another || phase.is_some_and(Phase::is_terminal) { Owner::Gone } else { Owner::Living }
    }

    fn wait(&self, key: &Key, object: &BatchJob) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for name in names(object) {
            waiting.add(key, name);
        }
    }

    fn parent(&self, namespace: &str, name: &str, child: &str) -> Parent {
        if name == child {
            return Parent::Cycle;
        }
        let Some(guarded) = self.get(namespace, name) else { return Parent::Missing };
        let Ok(parent) = &guarded.0 else { return Parent::Waiting };
        let status = parent.status.clone().unwrap_or_default();
        match (status.phase, status.job_id.and_then(JobId::new)) {
            (Some(Phase::Succeeded), _) => Parent::Succeeded,
            (Some(Phase::Failed | Phase::Unknown), _) => Parent::Failed,
            _ if parent.metadata.deletion_timestamp.is_some() => Parent::Failed,
            (_, Some(id)) => Parent::Job(id),
            _ if self.reaches(namespace, parent, child) => Parent::Cycle,
            _ => Parent::Waiting,
        }
    }

    /// Whether `from` waits for the object called `target`, directly or through others.
    fn reaches(&self, namespace: &str, from: &BatchJob, target: &str) -> bool {
        let mut seen = HashSet::new();
        let mut next: Vec<String> = names(from).map(str::to_owned).collect();
        while let Some(name) = next.pop() {
            if name == target {
                return true;
            }
            if !seen.insert(name.clone()) {
                continue;
            }
            if let Some(guarded) = self.get(namespace, &name)
                && let Ok(object) = &guarded.0
            {
                next.extend(names(object).map(str::to_owned));
            }
        }
        false
    }

    fn get(&self, namespace: &str, name: &str) -> Option<std::sync::Arc<Guarded>> {
        self.store(namespace)?.get(&ObjectRef::<Guarded>::new(name).within(namespace))
    }

    /// The number of the watch that shows the objects of the namespace.
    pub fn scope(&self, namespace: &str) -> Option<usize> {
        let holds = |scope: &Option<String>| scope.as_ref().is_none_or(|scope| scope == namespace);
        self.stores.iter().position(|(scope, _)| holds(scope))
    }

    fn store(&self, namespace: &str) -> Option<&Store<Guarded>> {
        self.scope(namespace).map(|scope| &self.stores[scope].1)
    }
}

/// Who waits for whom, from both ends: an object that goes costs its own entries, however many others wait.
#[derive(Debug, Default)]
struct Waiting {
    /// The children, by namespace and name of the parent.
    children: HashMap<(String, String), BTreeSet<Key>>,
    /// The names of the parents, by child. Parents live in the child's namespace.
    parents: HashMap<Key, BTreeSet<String>>,
}

impl Waiting {
    fn add(&mut self, child: &Key, parent: &str) {
        self.children.entry((child.namespace.clone(), parent.to_owned())).or_default().insert(child.clone());
        self.parents.entry(child.clone()).or_default().insert(parent.to_owned());
    }

    /// Takes out those who wait for the parent.
    fn release(&mut self, namespace: &str, parent: &str) -> BTreeSet<Key> {
        let released = self.children.remove(&(namespace.to_owned(), parent.to_owned())).unwrap_or_default();
        for child in &released {
            if let Some(names) = self.parents.get_mut(child) {
                names.remove(parent);
                if names.is_empty() {
                    self.parents.remove(child);
                }
            }
        }
        released
    }

    /// Takes out the child. Answers how many entries that cost.
    fn forget(&mut self, child: &Key) -> usize {
        let parents = self.parents.remove(child).unwrap_or_default();
        let cost = parents.len();
        for parent in parents {
            let entry = (child.namespace.clone(), parent);
            if let Some(keys) = self.children.get_mut(&entry) {
                keys.remove(child);
                if keys.is_empty() {
                    self.children.remove(&entry);
                }
            }
        }
        cost
    }
}

fn names(object: &BatchJob) -> impl Iterator<Item = &str> {
    object.spec.depends_on.iter().flatten().filter_map(|dependency| dependency.name.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(n: usize) -> Key {
        Key { namespace: "team".to_owned(), name: format!("child-{n}"), uid: n.to_string() }
    }

    #[test]
    fn an_object_that_goes_costs_its_own_entries_only() {
        let mut waiting = Waiting::default();
        for n in 0..1_000 {
            waiting.add(&child(n), &format!("parent-{n}"));
            waiting.add(&child(n), "common");
        }
        let stranger = Key { namespace: "other".to_owned(), ..child(0) };
        assert_eq!(waiting.forget(&stranger), 0, "waits for nobody");
        let cost: usize = (0..1_000).map(|n| waiting.forget(&child(n))).sum();
        assert_eq!(cost, 2_000, "two parents each");
        assert!(waiting.children.is_empty() && waiting.parents.is_empty(), "{waiting:?}");
    }

    #[test]
    fn a_child_is_woken_once_by_each_parent_and_never_when_it_is_gone() {
        let mut waiting = Waiting::default();
        for n in 0..3 {
            waiting.add(&child(n), "a");
            waiting.add(&child(n), "b");
        }
        waiting.forget(&child(1));
        let others = BTreeSet::from([child(0), child(2)]);
        assert_eq!(waiting.release("other", "a"), BTreeSet::new(), "parents are of the child's namespace");
        assert_eq!(waiting.release("team", "a"), others);
        assert_eq!(waiting.release("team", "a"), BTreeSet::new(), "they wait no longer");
        assert_eq!(waiting.release("team", "b"), others, "and still for the other");
        assert!(waiting.children.is_empty() && waiting.parents.is_empty(), "{waiting:?}");
    }
}
