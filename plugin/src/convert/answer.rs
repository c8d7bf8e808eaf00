//! The answer of a conversion.

/// A converted text, and what a person should know of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Converted {
    /// The text.
    pub text: String,
    /// What was left out, and why.
    pub notes: Vec<String>,
}
