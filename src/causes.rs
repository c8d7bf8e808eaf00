//! An error and its causes in one line. Only `Display` is used: `Debug` would print whole responses.

use std::error::Error;

/// `error: cause: cause of the cause`, without repeated text. For a refusal of the API server, only its own message.
pub fn causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(kube::Error::Api(status)) = cause.downcast_ref() {
            return format!("{} ({})", status.message, status.code);
        }
        let words = cause.to_string();
        if !text.ends_with(&words) {
            text = format!("{text}: {words}");
        }
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot connect")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("certificate has expired")]
    struct Inner;

    #[derive(Debug, thiserror::Error)]
    #[error("it failed: {0}")]
    struct Repeating(#[source] Inner);

    #[test]
    fn the_api_servers_own_words_are_enough() {
        let status = kube::core::Status::failure("no such thing", "NotFound").with_code(404).boxed();
        let error = kube::runtime::watcher::Error::InitialListFailed(kube::Error::Api(status));
        assert_eq!(causes(&error), "no such thing (404)");
    }

    #[test]
    fn each_cause_is_told_once() {
        assert_eq!(causes(&Outer(Inner)), "cannot connect: certificate has expired");
        assert_eq!(causes(&Repeating(Inner)), "it failed: certificate has expired");
    }
}
