//! Whether this process may still talk to AWS: asked at the last moment before the wire. Knows nothing of why.

use std::fmt;
use std::sync::Arc;

/// Open while we may act. Cheap to clone.
#[derive(Clone)]
pub struct Fence(Arc<dyn Fn() -> bool + Send + Sync>);

impl Fence {
    /// One that is open while `may_act` says so.
    pub fn new(may_act: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(may_act))
    }

    /// One that is always open.
    pub fn open() -> Self {
        Self::new(|| true)
    }

    /// Whether we may act at this moment.
    pub fn is_open(&self) -> bool {
        (self.0)()
    }
}

impl fmt::Debug for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fence").field(&self.is_open()).finish()
    }
}
