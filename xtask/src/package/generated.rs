//! What is written by `cargo xtask gen`.

/// A generated file: its path from the root, and its text.
pub type Generated = (String, String);
