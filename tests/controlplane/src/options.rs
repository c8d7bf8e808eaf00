//! How much of a control plane is wanted.

/// What is to be started.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether kube-controller-manager is, where it is installed: it deletes namespaces and collects garbage.
    pub controllers: bool,
    /// Whether a kubectl that is installed will do, where none was built and it goes with the API server.
    pub any_kubectl: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { controllers: true, any_kubectl: false }
    }
}

impl Options {
    /// What serves an API, and no more: the least to build.
    pub fn least() -> Self {
        Self { controllers: false, any_kubectl: true }
    }
}
