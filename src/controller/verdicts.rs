//! What the latest search for cycles found, until a change undoes that. Pure.
//!
//! The names that an object waits for never change, so a cycle can close only when an object appears. Each object is
//! therefore part of one search from its first look on, together with all others of its namespace that wait. Of the
//! members of a cycle, the last to be searched sees all others.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::key::Key;

/// The members of one cycle, and of all cycles through them: UID by name.
pub type Ring = HashMap<String, String>;

/// What is known of the objects of all namespaces.
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
    /// The cycles that the object is part of, if there are any. An object that no search has seen yet is searched for soon.
    /// Answers whether that search is a new wish.
    pub fn ask(&mut self, key: &Key) -> (Option<Arc<Ring>>, bool) {
        match self.of(key) {
            Some(verdict) => (verdict.ring.clone(), false),
            None => (None, self.asked.insert(key.namespace.clone())),
        }
    }

    /// The cycles that the object is known to be part of.
    pub fn ring(&self, key: &Key) -> Option<Arc<Ring>> {
        self.of(key)?.ring.clone()
    }

    fn of(&self, key: &Key) -> Option<&Verdict> {
        let verdict = self.namespaces.get(&key.namespace)?.get(&key.name)?;
        (verdict.uid == key.uid).then_some(verdict)
    }

    /// The namespaces in which a search is wished for.
    pub fn asked(&mut self) -> HashSet<String> {
        std::mem::take(&mut self.asked)
    }

    /// Takes in what a search saw in a namespace, and which rings it found. Answers who was not known to be in a ring.
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

    /// Wishes for another search in the namespace.
    pub fn ask_again(&mut self, namespace: &str) {
        self.asked.insert(namespace.to_owned());
    }

    /// An object has changed, or is gone. `waiting`: its UID, if it is there and waits. One that waits no longer is searched
    /// for anew if it ever waits again. Answers whether it was in a ring: that is no more, and the others may be in another.
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

    /// Forgets what is known of a namespace (`None`: of all).
    pub fn clear(&mut self, namespace: Option<&str>) {
        match namespace {
            Some(namespace) => drop(self.namespaces.remove(namespace)),
            None => self.namespaces.clear(),
        }
    }
}
