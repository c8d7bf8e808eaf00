//! Objects whose manifest was put in place after the claim and before any status: claim and finalizer go with it, and
//! nothing on the object tells of the submission. Told from the API server's audit log, not by the operator.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What has happened to one object so far.
#[derive(Default)]
struct Seen {
    is_claimed: bool,
    has_status: bool,
    is_untold: bool,
}

/// The names of such objects.
pub fn untold(audit: &str) -> BTreeSet<String> {
    let mut events: Vec<(String, Value)> = audit
        .lines()
        .filter(|line| line.contains("\"batchjobs\""))
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|event| event["responseStatus"]["code"] == 200)
        .map(|event| (text(&event["stageTimestamp"]), event))
        .collect();
    events.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut objects: BTreeMap<String, Seen> = BTreeMap::new();
    for (_, event) in events {
        let object = &event["objectRef"];
        let seen = objects.entry(text(&object["name"])).or_default();
        match (event["verb"].as_str(), object["subresource"].as_str()) {
            (Some("patch"), None) => seen.is_claimed = true,
            (Some("patch"), Some("status")) => seen.has_status = true,
            (Some("update"), None) => seen.is_untold |= seen.is_claimed && !seen.has_status,
            _ => {}
        }
    }
    objects.into_iter().filter(|(_, seen)| seen.is_untold).map(|(name, _)| name).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(events: &[(&str, Option<&str>, u32)]) -> usize {
        let line = |(second, (verb, subresource, code)): (usize, &(&str, Option<&str>, u32))| {
            let at = format!("2026-11-24T12:00:{second:02}.000000Z");
            let object = json!({ "resource": "batchjobs", "name": "a", "subresource": subresource });
            json!({ "verb": verb, "objectRef": object, "responseStatus": { "code": code }, "stageTimestamp": at })
                .to_string()
        };
        untold(&events.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")).len()
    }

    #[test]
    fn a_manifest_between_claim_and_first_status_leaves_nothing_that_tells() {
        let (claim, put) = (("patch", None, 200), ("update", None, 200));
        let status = |code| ("patch", Some("status"), code);
        assert_eq!(told(&[claim, put]), 1);
        assert_eq!(told(&[claim, status(403), put]), 1);
        assert_eq!(told(&[claim, status(200), put]), 0, "the status tells");
        assert_eq!(told(&[put, claim]), 0);
        assert_eq!(told(&[claim, ("update", None, 409)]), 0);
    }
}
