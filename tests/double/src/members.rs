//! The members of an answer: one without a value is left out.

use serde::Serialize;
use serde_json::{Map, Value, json};

/// Sets a member that has a value.
pub fn put(members: &mut Map<String, Value>, member: &str, value: Option<impl Serialize>) {
    if let Some(value) = value {
        members.insert(member.to_owned(), json!(value));
    }
}
