//! Wakes objects when their situation has changed.

use tokio::sync::mpsc;

use crate::key::Key;

/// Wakes objects whose situation changed outside the cluster. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Wake(mpsc::UnboundedSender<Key>);

impl Wake {
    /// The waker, and the stream of keys to wake. The work queue of the controller takes each key at once, and only
    /// once.
    pub fn new() -> (Self, mpsc::UnboundedReceiver<Key>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    pub fn wake(&self, key: &Key) {
        // The receiver is closed only while the process stops.
        let _ = self.0.send(key.clone());
    }
}
