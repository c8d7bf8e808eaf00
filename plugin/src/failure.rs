//! The error of a command, which is printed for a person.

/// Why a command could not do its work.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
