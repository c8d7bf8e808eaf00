//! Wakes objects, from wherever their situation changes.

use tokio::sync::mpsc;

use crate::key::Key;

/// Wakes objects whose situation changed outside the cluster. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Wake(mpsc::UnboundedSender<Key>);

impl Wake {
    /// The waker and what it wakes. A key waits here only until the controller's own queue, which holds each object
    /// once, has taken it.
    pub fn new() -> (Self, mpsc::UnboundedReceiver<Key>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    /// Wakes the object.
    pub fn wake(&self, key: &Key) {
        // The receiver is gone only while the process stops.
        let _ = self.0.send(key.clone());
    }
}
