//! The span that names the object of a log line.

use tracing::Span;

use crate::key::Key;

/// The span of a pass. Each log line in it names the object, also the lines of the AWS client. Its level is error, so
/// that no filter removes the name from a line that passes.
pub fn span(key: &Key) -> Span {
    tracing::error_span!("pass", namespace = key.namespace, name = key.name, uid = key.uid)
}
