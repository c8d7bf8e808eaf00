//! Events that wait to be written: warnings first, namespaces in turn, and no more than there is room for. Pure.

use std::collections::{BTreeMap, VecDeque};

/// What waits, of warnings or of the others. `T` is an Event.
#[derive(Debug)]
struct Lane<T> {
    room: usize,
    number: usize,
    waiting: BTreeMap<String, VecDeque<T>>,
    /// Those that have something waiting, the next one first.
    namespaces: VecDeque<String>,
}

/// All that waits.
#[derive(Debug)]
pub struct EventQueue<T> {
    warnings: Lane<T>,
    others: Lane<T>,
}

impl<T> EventQueue<T> {
    /// Room for so many warnings, and for so many others. Others never take the room of a warning.
    pub fn new(warnings: usize, others: usize) -> Self {
        Self { warnings: Lane::new(warnings), others: Lane::new(others) }
    }

    /// Takes one in. Answers with the one that is left out for it where there is no room: the oldest of the namespace that
    /// has the most.
    pub fn join(&mut self, namespace: &str, is_warning: bool, event: T) -> Option<T> {
        if is_warning { &mut self.warnings } else { &mut self.others }.join(namespace, event)
    }

    /// The next one.
    pub fn pop(&mut self) -> Option<T> {
        self.warnings.pop().or_else(|| self.others.pop())
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.warnings.number == 0 && self.others.number == 0
    }
}

impl<T> Lane<T> {
    fn new(room: usize) -> Self {
        Self { room, number: 0, waiting: BTreeMap::new(), namespaces: VecDeque::new() }
    }

    fn join(&mut self, namespace: &str, event: T) -> Option<T> {
        let queue = self.waiting.entry(namespace.to_owned()).or_default();
        if queue.is_empty() {
            self.namespaces.push_back(namespace.to_owned());
        }
        queue.push_back(event);
        self.number += 1;
        if self.number <= self.room { None } else { self.leave_out() }
    }

    fn leave_out(&mut self) -> Option<T> {
        let longest = self.waiting.iter().max_by_key(|(_, queue)| queue.len());
        let namespace = longest.map(|(namespace, _)| namespace.clone())?;
        self.take(&namespace)
    }

    fn pop(&mut self) -> Option<T> {
        let namespace = self.namespaces.front()?.clone();
        // Its turn comes again after all others.
        self.namespaces.rotate_left(1);
        self.take(&namespace)
    }

    /// The oldest of the namespace.
    fn take(&mut self, namespace: &str) -> Option<T> {
        let queue = self.waiting.get_mut(namespace)?;
        let event = queue.pop_front();
        self.number -= usize::from(event.is_some());
        if queue.is_empty() {
            self.waiting.remove(namespace);
            self.namespaces.retain(|waits| waits != namespace);
        }
        event
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(queue: &mut EventQueue<&'static str>) -> Vec<&'static str> {
        std::iter::from_fn(|| queue.pop()).collect()
    }

    #[test]
    fn warnings_go_first_and_namespaces_take_turns() {
        let mut queue = EventQueue::new(9, 9);
        for (namespace, is_warning, event) in [
            ("large", false, "large 1"),
            ("large", false, "large 2"),
            ("large", false, "large 3"),
            ("small", false, "small 1"),
            ("large", true, "large warning"),
        ] {
            assert_eq!(queue.join(namespace, is_warning, event), None);
        }
        assert_eq!(all(&mut queue), ["large warning", "large 1", "small 1", "large 2", "large 3"]);
        assert!(queue.is_empty());
    }

    #[test]
    fn without_room_the_oldest_of_the_namespace_that_has_the_most_is_left_out() {
        let mut queue = EventQueue::new(9, 4);
        for (namespace, event) in
            [("large", "large 1"), ("large", "large 2"), ("large", "large 3"), ("small", "small 1")]
        {
            assert_eq!(queue.join(namespace, false, event), None);
        }
        assert_eq!(queue.join("small", false, "small 2"), Some("large 1"));
        assert_eq!(queue.join("small", false, "small 3"), Some("small 1"));
        assert_eq!(all(&mut queue), ["large 2", "small 2", "large 3", "small 3"]);
    }

    #[test]
    fn no_number_of_other_events_leaves_a_warning_out() {
        let mut queue = EventQueue::new(2, 2);
        assert_eq!(queue.join("a", true, "warning"), None);
        for event in ["1", "2"] {
            assert_eq!(queue.join("a", false, event), None);
        }
        assert_eq!(queue.join("a", false, "3"), Some("1"));
        assert_eq!(queue.join("a", true, "second warning"), None);
        assert_eq!(queue.join("a", true, "third warning"), Some("warning"), "its own room is bounded too");
        assert_eq!(all(&mut queue), ["second warning", "third warning", "2", "3"]);
    }

    #[test]
    fn nothing_is_left_behind_of_a_namespace_that_has_nothing_waiting() {
        let mut queue = EventQueue::new(1, 1);
        for namespace in ["a", "b", "c", "a", "b"] {
            queue.join(namespace, false, "event");
        }
        assert_eq!((queue.others.namespaces.len(), queue.others.waiting.len()), (1, 1));
        assert_eq!(all(&mut queue).len(), 1);
        assert_eq!((queue.others.namespaces.len(), queue.others.waiting.len()), (0, 0));
    }
}
