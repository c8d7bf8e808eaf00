//! What an example is expected to come to, as its annotation says: a phase, and perhaps the reason of a condition. Knows
//! nothing of where objects come from.

use serde_json::Value;

/// The annotation; Succeeded, where it is missing.
const EXPECT: &str = "example.awsbatch.dev/expect";

/// The expected end of one example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It is deleted.
    Gone,
    /// Nobody writes to it.
    Untouched,
    /// It has this phase, and a condition of this reason.
    Phase(String, Option<String>),
}

/// How an example stands to what is expected of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As expected.
    AsExpected,
    /// It may yet come to it.
    NotYet,
    /// It has ended otherwise.
    Otherwise,
}

impl Expected {
    /// What the object's annotation says.
    pub fn of(object: &Value) -> Self {
        let expect = object["metadata"]["annotations"][EXPECT].as_str().unwrap_or("Succeeded");
        match expect.split_once(' ') {
            None if expect == "Gone" => Self::Gone,
            None if expect == "Untouched" => Self::Untouched,
            None => Self::Phase(expect.to_owned(), None),
            Some((phase, reason)) => Self::Phase(phase.to_owned(), Some(reason.to_owned())),
        }
    }

    /// How the object stands to it; `None`: it is not there.
    pub fn standing(&self, object: Option<&Value>) -> Standing {
        let phase = object.and_then(|object| object["status"]["phase"].as_str()).unwrap_or_default();
        let is_so = match (self, object) {
            (Self::Gone, None) => true,
            (Self::Untouched, Some(object)) => is_untouched(object),
            (Self::Phase(expected, reason), Some(object)) => {
                phase == expected && reason.as_ref().is_none_or(|reason| has_reason(object, reason))
            }
            _ => false,
        };
        let is_final = match self {
            Self::Gone => false,
            Self::Untouched => true,
            Self::Phase(..) => object.is_none() || ["Succeeded", "Failed", "Unknown"].contains(&phase),
        };
        match (is_so, is_final) {
            (true, _) => Standing::AsExpected,
            (false, true) => Standing::Otherwise,
            (false, false) => Standing::NotYet,
        }
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Gone => f.write_str("Gone"),
            Self::Untouched => f.write_str("Untouched"),
            Self::Phase(phase, None) => f.write_str(phase),
            Self::Phase(phase, Some(reason)) => write!(f, "{phase} ({reason})"),
        }
    }
}

/// Nobody has claimed it, and its status is the one that the API server gives to a new object.
fn is_untouched(object: &Value) -> bool {
    object["metadata"]["finalizers"].is_null() && object["status"]["conditions"].is_null()
}

fn has_reason(object: &Value, reason: &str) -> bool {
    let conditions = object["status"]["conditions"].as_array();
    conditions.is_some_and(|all| all.iter().any(|condition| condition["reason"] == reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(expect: &str, phase: &str, reason: &str) -> Value {
        json!({
            "metadata": { "annotations": { EXPECT: expect }, "finalizers": ["f"] },
            "status": { "phase": phase, "conditions": [{ "reason": reason }] },
        })
    }

    #[test]
    fn an_example_stands_as_its_annotation_says() {
        use Standing::{AsExpected, NotYet, Otherwise};
        let cases = [
            ("Succeeded", "Running", "Accepted", NotYet),
            ("Succeeded", "Succeeded", "JobSucceeded", AsExpected),
            ("Succeeded", "Failed", "JobFailed", Otherwise),
            ("Pending Refused", "Pending", "Throttled", NotYet),
            ("Pending Refused", "Pending", "Refused", AsExpected),
            ("Failed DeadlineExceeded", "Failed", "JobFailed", Otherwise),
            ("Gone", "Succeeded", "JobSucceeded", NotYet),
            ("Untouched", "Pending", "Accepted", Otherwise),
        ];
        for (expect, phase, reason, standing) in cases {
            let object = object(expect, phase, reason);
            assert_eq!(Expected::of(&object).standing(Some(&object)), standing, "{expect}: {phase} {reason}");
        }
    }

    #[test]
    fn an_object_that_is_not_there_was_expected_to_go_or_was_lost() {
        assert_eq!(Expected::Gone.standing(None), Standing::AsExpected);
        assert_eq!(Expected::of(&json!({})).standing(None), Standing::Otherwise);
        assert_eq!(Expected::Untouched.standing(None), Standing::Otherwise);
    }

    #[test]
    fn nobody_has_written_to_what_is_untouched() {
        let fresh = json!({ "metadata": {}, "status": { "phase": "Pending", "observedGeneration": -1 } });
        assert_eq!(Expected::Untouched.standing(Some(&fresh)), Standing::AsExpected);
    }
}
