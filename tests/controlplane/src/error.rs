//! What can go wrong, in words for the person whose test did not start.
//! Knows nothing of how anything is started.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why there is no control plane, or why it did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `KUBEBUILDER_ASSETS` or a `TEST_ASSET_*` variable points where there is no such program.
    #[error(
        "no {name} at {path}: install it there, or unset KUBEBUILDER_ASSETS and TEST_ASSET_* to build it with Go"
    )]
    BinaryMissing {
        /// The program.
        name: &'static str,
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Go is not on the path.
    #[error(
        "Go is not installed: it is needed once to build {what} (https://go.dev/dl), \
         unless KUBEBUILDER_ASSETS names a directory with etcd, kube-apiserver and kubectl"
    )]
    GoMissing {
        /// What was to be built.
        what: String,
    },
    /// Go is there and did not build; its own words follow.
    #[error("Go did not build {what}:\n{output}")]
    GoFailed {
        /// What was to be built.
        what: String,
        /// What Go said.
        output: String,
    },
    /// The file system or a process did not do what was asked.
    #[error("failed to {what}")]
    Io {
        /// The verb and its object.
        what: String,
        /// The reason.
        #[source]
        source: io::Error,
    },
    /// A certificate could not be made.
    #[error("failed to make a certificate")]
    Certificate(#[source] rcgen::Error),
    /// A certificate holds one organisation, which Kubernetes reads as one group.
    #[error("{user} cannot have {groups} groups: the certificates made here carry one at most")]
    Groups {
        /// The user of the certificate.
        user: String,
        /// How many were asked for.
        groups: usize,
    },
    /// A component ended by itself.
    #[error("{component} has exited; the end of its log:\n{log}")]
    Exited {
        /// The component.
        component: &'static str,
        /// The end of its log.
        log: String,
    },
    /// The components run and the API server does not say that it is ready.
    #[error("the API server is not ready after {} s: {answer}\nthe end of its log:\n{log}", after.as_secs())]
    NotReady {
        /// How long it was waited for.
        after: Duration,
        /// What `kubectl` said last.
        answer: String,
        /// The end of the API server's log.
        log: String,
    },
    /// `kubectl` said no.
    #[error("kubectl {arguments} failed: {output}")]
    Kubectl {
        /// What it was asked.
        arguments: String,
        /// What it said.
        output: String,
    },
    /// A line of the audit log that is not an audit event.
    #[error("failed to read the audit log")]
    Audit(#[source] serde_json::Error),
}

/// Turns an `io::Error` into ours, with what was being done.
pub(crate) fn failed_to(what: impl Into<String>) -> impl FnOnce(io::Error) -> Error {
    let what = what.into();
    move |source| Error::Io { what, source }
}
