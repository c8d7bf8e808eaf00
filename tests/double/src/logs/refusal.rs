//! What is wrong with a request.

use serde_json::Value;

use crate::reply::Refusal;

/// No, with this code.
pub fn refuse<T>(code: &'static str, message: &str) -> Result<T, Refusal> {
    Err(Refusal::new(400, Some(code), message))
}

/// No: the request is not valid.
pub fn invalid<T>(message: &str) -> Result<T, Refusal> {
    refuse("InvalidParameterException", message)
}

/// No: there is no such group or stream.
pub fn missing<T>(what: &str) -> Result<T, Refusal> {
    refuse("ResourceNotFoundException", &format!("The specified log {what} does not exist."))
}

/// A member that is a string of 1 to 512 characters without these.
pub fn name<'a>(request: &'a Value, member: &str, without: &[char]) -> Result<&'a str, Refusal> {
    let given = request[member].as_str().unwrap_or_default();
    if (1..=512).contains(&given.len()) && !given.contains(without) {
        return Ok(given);
    }
    invalid(&format!(
        "1 validation error detected: Value '{given}' at '{member}' failed to satisfy constraint"
    ))
}
