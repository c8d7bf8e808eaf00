//! Events that wait to be written: warnings first, namespaces in turn, and no more than there is room for. Pure.

use crate::fair::FairQueue;

/// The Events that wait, of warnings or of the others, and the room for them.
#[derive(Debug)]
struct Bounded<T> {
    room: usize,
    waiting: FairQueue<T>,
}

/// All that waits. `T` is an Event.
#[derive(Debug)]
pub struct EventQueue<T> {
    warnings: Bounded<T>,
    others: Bounded<T>,
}

impl<T> EventQueue<T> {
    /// Room for so many warnings, and for so many others. Others never take the room of a warning.
    pub fn new(warnings: usize, others: usize) -> Self {
        let bounded = |room| Bounded { room, waiting: FairQueue::default() };
        Self { warnings: bounded(warnings), others: bounded(others) }
    }

    /// Takes one in. Answers with the one that is left out for it where there is no room: the oldest of the namespace that
    /// has the most.
    pub fn join(&mut self, namespace: &str, is_warning: bool, event: T) -> Option<T> {
        let Bounded { room, waiting } = if is_warning { &mut self.warnings } else { &mut self.others };
        waiting.push(namespace, event);
        if waiting.len() <= *room { None } else { waiting.pop_of_longest() }
    }

    /// The next one.
    pub fn pop(&mut self) -> Option<T> {
        self.warnings.waiting.pop().or_else(|| self.others.waiting.pop())
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.warnings.waiting.is_empty() && self.others.waiting.is_empty()
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
}
