//! What an object asks for, and what its status tells.

use serde_json::Value;

/// The text at this place.
pub fn text<'a>(object: &'a Value, pointer: &str) -> Option<&'a str> {
    object.pointer(pointer)?.as_str()
}

/// The job that the object asks to adopt.
pub fn adopts(object: &Value) -> Option<&str> {
    text(object, "/metadata/annotations/awsbatch.dev~1adopt")
}

/// Whether the object is another controller's.
pub fn is_managed_elsewhere(object: &Value) -> bool {
    !object["spec"]["managedBy"].is_null()
}

/// Whether the object has at most one job, even in doubt.
pub fn is_at_most_once(object: &Value) -> bool {
    object["spec"]["submissionPolicy"] == "AtMostOnce"
}

/// Whether a tool keeps the object.
pub fn is_kept(object: &Value) -> bool {
    text(object, "/metadata/labels/kustomize.toolkit.fluxcd.io~1name").is_some()
}

/// Whether the object belongs to another controller, or follows a job that was not submitted for it.
pub fn is_of_another(object: &Value) -> bool {
    is_managed_elsewhere(object) || adopts(object).is_some()
}

/// Whether the object has a terminal phase.
pub fn is_final(object: &Value) -> bool {
    let phase = object["status"]["phase"].as_str().unwrap_or_default();
    ["Succeeded", "Failed", "Unknown"].contains(&phase)
        && object["metadata"]["finalizers"].as_array().is_none_or(Vec::is_empty)
}

/// Whether a condition gives this reason.
pub fn has_reason(status: &Value, reason: &str) -> bool {
    let conditions = status["conditions"].as_array();
    conditions.is_some_and(|conditions| conditions.iter().any(|condition| condition["reason"] == reason))
}

/// Whether a condition of the status gives one of these reasons.
pub fn has_any(object: &Value, reasons: &[&str]) -> bool {
    reasons.iter().any(|reason| has_reason(&object["status"], reason))
}
