//! A queue that is fair between namespaces: each namespace that waits is served in turn, whatever its length. Pure.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::key::Key;

/// The waiting objects. Each object is in the queue at most once.
#[derive(Debug, Default)]
pub struct Fair {
    waiting: HashMap<String, VecDeque<Key>>,
    places: HashSet<Key>,
    namespaces: VecDeque<String>,
}

impl Fair {
    /// Joins the queue at the end of the object's namespace. Returns false if the object waits already.
    pub fn join(&mut self, key: Key) -> bool {
        if !self.places.insert(key.clone()) {
            return false;
        }
        let queue = self.waiting.entry(key.namespace.clone()).or_default();
        if queue.is_empty() {
            self.namespaces.push_back(key.namespace.clone());
        }
        queue.push_back(key);
        true
    }

    /// Leaves the queue.
    pub fn leave(&mut self, key: &Key) {
        self.places.remove(key);
    }

    /// Whether the object waits.
    pub fn contains(&self, key: &Key) -> bool {
        self.places.contains(key)
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Takes the first object of the next namespace.
    pub fn pop(&mut self) -> Option<Key> {
        while let Some(namespace) = self.namespaces.pop_front() {
            let Some(queue) = self.waiting.get_mut(&namespace) else {
                continue;
            };
            let key = loop {
                match queue.pop_front() {
                    // An object that has left is still in the queue of its namespace.
                    Some(key) if !self.places.contains(&key) => {}
                    other => break other,
                }
            };
            if queue.is_empty() {
                self.waiting.remove(&namespace);
            } else {
                self.namespaces.push_back(namespace);
            }
            if let Some(key) = key {
                self.places.remove(&key);
                return Some(key);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(namespace: &str, name: &str) -> Key {
        Key { namespace: namespace.to_owned(), name: name.to_owned(), uid: format!("{namespace}/{name}") }
    }

    #[test]
    fn namespaces_are_served_in_turn_and_each_object_once() {
        let mut queue = Fair::default();
        for name in ["1", "2", "3"] {
            assert!(queue.join(key("large", name)));
        }
        assert!(!queue.join(key("large", "1")), "it waits already");
        queue.join(key("small", "1"));
        queue.leave(&key("large", "2"));
        let served: Vec<Key> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(served, [key("large", "1"), key("small", "1"), key("large", "3")]);
        assert!(queue.is_empty());
    }

    #[test]
    fn whoever_leaves_and_comes_again_stands_once() {
        let mut queue = Fair::default();
        queue.join(key("a", "1"));
        queue.leave(&key("a", "1"));
        queue.join(key("a", "1"));
        assert_eq!(queue.pop(), Some(key("a", "1")));
        assert_eq!(queue.pop(), None);
    }
}
