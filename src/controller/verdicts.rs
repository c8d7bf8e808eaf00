//! The result of the latest search for cycles, until a change makes it invalid. Pure.
//!
//! The dependencies of an object never change, so a cycle can close only when an object appears. Each object is
//! therefore part of one search from its first pass on, together with all waiting objects of its namespace. The search
//! with the last member of a cycle sees all members.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::key::Key;

/// The members of a cycle and of all cycles that touch it: UID by name.
pub type Ring = HashMap<String, String>;

/// The results for all namespaces.
#[derive(Debug, Default)]
pub struct Verdicts {
    namespaces: HashMap<String, HashMap<String, Verdict>>,
    asked: HashSet<String>,
}

#[derive(Debug)]
struct Verdict {
    uid: String,
    ring: Option<Arc<Ring>>,
}

impl Verdicts {
    /// The ring of the object, if any. For an object that no search has seen, a search is requested. Also returns
    /// whether this request is new.
    pub fn ask(&mut self, key: &Key) -> (Option<Arc<Ring>>, bool) {
        match self.of(key) {
            Some(verdict) => (verdict.ring.clone(), false),
            None => (None, self.asked.insert(key.namespace.clone())),
        }
    }

    /// The known ring of the object.
    pub fn ring(&self, key: &Key) -> Option<Arc<Ring>> {
        self.of(key)?.ring.clone()
    }

    fn of(&self, key: &Key) -> Option<&Verdict> {
        let verdict = self.namespaces.get(&key.namespace)?.get(&key.name)?;
        (verdict.uid == key.uid).then_some(verdict)
    }

    /// Takes the namespaces for which a search is requested.
    pub fn asked(&mut self) -> HashSet<String> {
        std::mem::take(&mut self.asked)
    }

    /// Records the objects that a search saw in a namespace, and its rings. Returns the objects that are new in a ring.
    pub fn found(&mut self, namespace: &str, seen: Vec<Key>, rings: Vec<Ring>) -> Vec<Key> {
        let mut before = self.namespaces.remove(namespace).unwrap_or_default();
        let rings: Vec<_> = rings.into_iter().map(Arc::new).collect();
        let of: HashMap<&String, &Arc<Ring>> =
            rings.iter().flat_map(|ring| ring.keys().map(move |name| (name, ring))).collect();
        let mut news = Vec::new();
        let verdicts = self.namespaces.entry(namespace.to_owned()).or_default();
        for key in seen {
            let ring = of.get(&key.name).map(|ring| (*ring).clone());
            let earlier = before.remove(&key.name).filter(|verdict| verdict.uid == key.uid);
            let verdict = Verdict { uid: key.uid.clone(), ring };
            let is_news = verdict.ring.is_some() && earlier.is_none_or(|earlier| earlier.ring.is_none());
            verdicts.insert(key.name.clone(), verdict);
            if is_news {
                news.push(key);
            }
        }
        news
    }

    /// Requests another search in the namespace.
    pub fn ask_again(&mut self, namespace: &str) {
        self.asked.insert(namespace.to_owned());
    }

    /// An object has changed, or was removed. `waiting`: its UID, if the object exists and waits. A result for another
    /// UID is dropped. Returns whether it was in a ring: then all members are dropped, and need a new search.
    pub fn changed(&mut self, namespace: &str, name: &str, waiting: Option<&str>) -> bool {
        let Some(verdicts) = self.namespaces.get_mut(namespace) else { return false };
        if verdicts.get(name).is_none_or(|verdict| Some(verdict.uid.as_str()) == waiting) {
            return false;
        }
        let ring = verdicts.remove(name).and_then(|verdict| verdict.ring);
        for member in ring.iter().flat_map(|ring| ring.keys()) {
            verdicts.remove(member);
        }
        if verdicts.is_empty() {
            self.namespaces.remove(namespace);
        }
        ring.is_some()
    }

    /// Forgets the results for a namespace (`None`: for all).
    pub fn clear(&mut self, namespace: Option<&str>) {
        match namespace {
            Some(namespace) => drop(self.namespaces.remove(namespace)),
            None => self.namespaces.clear(),
        }
    }
}
