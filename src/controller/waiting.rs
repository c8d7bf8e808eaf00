//! An index of the waiting objects, by parent and by child. Pure.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::key::Key;

/// Which object waits for which. The removal of an object costs its own entries only. Names and keys are shared to save
/// memory: ten thousand children may name two hundred parents each.
#[derive(Debug, Default)]
pub struct Waiting {
    /// The children, by namespace and name of the parent. Parents live in the child's namespace.
    children: HashMap<String, HashMap<Arc<str>, BTreeSet<Arc<Key>>>>,
    /// The names of the parents, by child.
    parents: HashMap<Arc<Key>, BTreeSet<Arc<str>>>,
}

impl Waiting {
    /// Registers that the child waits for each parent.
    pub fn add<'a>(&mut self, child: &Key, parents: impl Iterator<Item = &'a str>) {
        let mut parents = parents.peekable();
        if parents.peek().is_none() {
            return;
        }
        let key =
            self.parents.get_key_value(child).map_or_else(|| Arc::new(child.clone()), |(key, _)| key.clone());
        let names = self.parents.entry(key.clone()).or_default();
        let children = self.children.entry(child.namespace.clone()).or_default();
        for parent in parents {
            let name = children.get_key_value(parent).map_or_else(|| parent.into(), |(name, _)| name.clone());
            children.entry(name.clone()).or_default().insert(key.clone());
            names.insert(name);
        }
    }

    /// Removes and returns the children that wait for the parent.
    pub fn release(&mut self, namespace: &str, parent: &str) -> BTreeSet<Arc<Key>> {
        let Some(children) = self.children.get_mut(namespace) else { return BTreeSet::new() };
        let released = children.remove(parent).unwrap_or_default();
        if children.is_empty() {
            self.children.remove(namespace);
        }
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

    /// Removes the child. Returns how many entries this cost.
    pub fn forget(&mut self, child: &Key) -> usize {
        let parents = self.parents.remove(child).unwrap_or_default();
        let Some(children) = self.children.get_mut(&child.namespace) else { return 0 };
        for parent in &parents {
            if let Some(keys) = children.get_mut(parent) {
                keys.remove(child);
                if keys.is_empty() {
                    children.remove(parent);
                }
            }
        }
        if children.is_empty() {
            self.children.remove(&child.namespace);
        }
        parents.len()
    }
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
            waiting.add(&child(n), [format!("parent-{n}").as_str(), "common"].into_iter());
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
            waiting.add(&child(n), ["a", "b"].into_iter());
        }
        waiting.forget(&child(1));
        let others = BTreeSet::from([child(0), child(2)].map(Arc::new));
        assert_eq!(waiting.release("other", "a"), BTreeSet::new(), "parents are of the child's namespace");
        assert_eq!(waiting.release("team", "a"), others);
        assert_eq!(waiting.release("team", "a"), BTreeSet::new(), "they wait no longer");
        assert_eq!(waiting.release("team", "b"), others, "and still for the other");
        assert!(waiting.children.is_empty() && waiting.parents.is_empty(), "{waiting:?}");
    }
}
