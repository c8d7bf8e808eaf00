//! Queues that are fair between namespaces: each namespace that waits is served in turn, whatever its length. Pure.

use std::collections::{BTreeMap, HashMap};

use crate::key::Key;

/// What waits, in the order of arrival within each namespace.
#[derive(Debug)]
pub struct FairQueue<T> {
    namespaces: BTreeMap<String, Lane<T>>,
    /// The namespaces in the order of their turns.
    turns: BTreeMap<u64, String>,
    /// The number of the next arrival, and of the next turn.
    next: u64,
    len: usize,
}

/// What waits in one namespace; never empty.
#[derive(Debug)]
struct Lane<T> {
    turn: u64,
    waiting: BTreeMap<u64, T>,
}

impl<T> FairQueue<T> {
    /// Puts one at the end of its namespace. Returns its place.
    pub fn push(&mut self, namespace: &str, item: T) -> u64 {
        self.next += 1;
        let (place, turns) = (self.next, &mut self.turns);
        let lane = self.namespaces.entry(namespace.to_owned()).or_insert_with_key(|namespace| {
            turns.insert(place, namespace.clone());
            Lane { turn: place, waiting: BTreeMap::new() }
        });
        lane.waiting.insert(place, item);
        self.len += 1;
        place
    }

    /// Takes the first one of the next namespace. The namespace has its next turn after all others.
    pub fn pop(&mut self) -> Option<T> {
        let (_, namespace) = self.turns.pop_first()?;
        self.next += 1;
        self.turns.insert(self.next, namespace.clone());
        let lane = self.namespaces.get_mut(&namespace)?;
        lane.turn = self.next;
        let (place, _) = lane.waiting.first_key_value()?;
        let place = *place;
        self.remove(&namespace, place)
    }

    /// Takes the first one of the namespace that has the most.
    pub fn pop_of_longest(&mut self) -> Option<T> {
        let (namespace, lane) = self.namespaces.iter().max_by_key(|(_, lane)| lane.waiting.len())?;
        let (namespace, place) = (namespace.clone(), *lane.waiting.first_key_value()?.0);
        self.remove(&namespace, place)
    }

    /// Takes the one of this place.
    pub fn remove(&mut self, namespace: &str, place: u64) -> Option<T> {
        let lane = self.namespaces.get_mut(namespace)?;
        let item = lane.waiting.remove(&place)?;
        self.len -= 1;
        if lane.waiting.is_empty() {
            self.turns.remove(&lane.turn);
            self.namespaces.remove(namespace);
        }
        Some(item)
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl<T> Default for FairQueue<T> {
    fn default() -> Self {
        Self { namespaces: BTreeMap::new(), turns: BTreeMap::new(), next: 0, len: 0 }
    }
}

/// The objects that wait, each once at most.
#[derive(Debug, Default)]
pub struct FairKeys {
    queue: FairQueue<Key>,
    places: HashMap<Key, u64>,
}

impl FairKeys {
    /// Joins the queue at the end of the object's namespace. Returns false if the object waits already.
    pub fn join(&mut self, key: Key) -> bool {
        if self.contains(&key) {
            return false;
        }
        let place = self.queue.push(&key.namespace, key.clone());
        self.places.insert(key, place);
        true
    }

    /// Leaves the queue.
    pub fn leave(&mut self, key: &Key) {
        if let Some(place) = self.places.remove(key) {
            self.queue.remove(&key.namespace, place);
        }
    }

    /// Whether the object waits.
    pub fn contains(&self, key: &Key) -> bool {
        self.places.contains_key(key)
    }

    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Takes the first object of the next namespace.
    pub fn pop(&mut self) -> Option<Key> {
        let key = self.queue.pop()?;
        self.places.remove(&key);
        Some(key)
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
        let mut queue = FairKeys::default();
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
        let mut queue = FairKeys::default();
        queue.join(key("a", "1"));
        queue.leave(&key("a", "1"));
        queue.join(key("a", "1"));
        assert_eq!(queue.pop(), Some(key("a", "1")));
        assert_eq!(queue.pop(), None);
    }

    #[test]
    fn nothing_is_left_behind_of_what_has_left() {
        let mut queue = FairKeys::default();
        for n in 0..1_000 {
            let key = key(&format!("namespace-{}", n % 3), "1");
            queue.join(key.clone());
            queue.leave(&key);
        }
        let FairKeys { queue: FairQueue { namespaces, turns, next: _, len }, places } = &queue;
        assert_eq!((namespaces.len(), turns.len(), *len, places.len()), (0, 0, 0, 0));
    }

    #[test]
    fn a_namespace_that_has_left_and_joins_again_has_one_turn() {
        let mut queue = FairQueue::default();
        let place = queue.push("large", "0");
        queue.push("small", "small 1");
        queue.remove("large", place);
        for event in ["large 1", "large 2"] {
            queue.push("large", event);
        }
        queue.push("small", "small 2");
        let served: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(served, ["small 1", "large 1", "small 2", "large 2"]);
    }
}
