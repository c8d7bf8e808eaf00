//! The bounds of a number in a request.

use serde_json::Value;

/// A number within the limits, or nothing.
pub fn between(value: &Value, (least, most): (i64, i64), what: &str) -> Result<(), String> {
    match value.as_i64() {
        Some(number) if (least..=most).contains(&number) => Ok(()),
        None if value.is_null() => Ok(()),
        _ => Err(format!("{what} must be between {least} and {most}")),
    }
}
