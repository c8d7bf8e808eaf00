//! Whom a log line is about.

use tracing::Span;

use crate::key::Key;

/// The span of a pass: each line in it bears the object, also those of the AWS client. Of the highest level, so that a filter
/// that lets only errors through does not take the object from them.
pub fn span(key: &Key) -> Span {
    tracing::error_span!("pass", namespace = key.namespace, name = key.name, uid = key.uid)
}
