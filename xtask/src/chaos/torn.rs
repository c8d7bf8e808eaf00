//! Objects that the API server took away in spite of their finalizer: it had checked the deletion just before the
//! operator added it (kubernetes/kubernetes#77988). Told from its own audit log, not by the operator.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// One request for a BatchJob: from its arrival to its answer.
struct Span {
    from: String,
    until: String,
}

/// The UIDs of objects whose deletion took effect at once, and during which a change of theirs was answered well.
pub fn torn(audit: &str) -> BTreeSet<String> {
    let mut patches: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    let mut deletions = Vec::new();
    for line in audit.lines().filter(|line| line.contains("\"batchjobs\"")) {
        let Ok(event) = serde_json::from_str::<Value>(line) else { continue };
        let (object, answer) = (&event["objectRef"], &event["responseStatus"]);
        if !object["subresource"].is_null() {
            continue;
        }
        let path = format!("{}/{}", text(&object["namespace"]), text(&object["name"]));
        let span =
            Span { from: text(&event["requestReceivedTimestamp"]), until: text(&event["stageTimestamp"]) };
        match event["verb"].as_str() {
            Some("patch") if answer["code"] == 200 => patches.entry(path).or_default().push(span),
            // What waits for a finalizer is answered with the object, and not with a status.
            Some("delete") if answer["status"] == "Success" => {
                deletions.push((path, text(&answer["details"]["uid"]), span));
            }
            _ => {}
        }
    }
    let is_torn = |path: &str, deletion: &Span| {
        let within = |patch: &Span| patch.until >= deletion.from && patch.until <= deletion.until;
        patches.get(path).is_some_and(|patches| patches.iter().any(within))
    };
    deletions
        .into_iter()
        .filter(|(path, _, deletion)| is_torn(path, deletion))
        .map(|(_, uid, _)| uid)
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(verb: &str, answer: &Value, (from, until): (u32, u32)) -> String {
        let at = |second: u32| format!("2026-11-24T12:00:{second:02}.000000Z");
        let object = json!({ "resource": "batchjobs", "namespace": "red", "name": "a" });
        json!({ "verb": verb, "objectRef": object, "responseStatus": answer,
            "requestReceivedTimestamp": at(from), "stageTimestamp": at(until) })
        .to_string()
    }

    #[test]
    fn a_claim_that_is_written_during_a_deletion_that_takes_effect_at_once_is_torn() {
        let gone = json!({ "code": 200, "status": "Success", "details": { "uid": "u" } });
        let claim = event("patch", &json!({ "code": 200 }), (2, 3));
        let deletion = event("delete", &gone, (1, 4));
        assert_eq!(torn(&format!("{claim}\n{deletion}")), BTreeSet::from(["u".to_owned()]));
        let early = event("patch", &json!({ "code": 200 }), (0, 0));
        assert!(torn(&format!("{early}\n{deletion}")).is_empty(), "it had no finalizer then");
        let waits = event("delete", &json!({ "code": 200 }), (1, 4));
        assert!(torn(&format!("{claim}\n{waits}")).is_empty(), "it waits for the finalizer");
        let lost = event("patch", &json!({ "code": 404 }), (2, 3));
        assert!(torn(&format!("{lost}\n{deletion}")).is_empty());
    }
}
