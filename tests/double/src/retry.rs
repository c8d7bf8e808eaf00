//! How often a job is tried: `retryStrategy` with its `evaluateOnExit`. Knows nothing of time.

use serde_json::Value;

/// How often a job is tried.
#[derive(Clone, Debug)]
pub struct Retry {
    attempts: usize,
    conditions: Vec<Condition>,
}

/// One condition of `evaluateOnExit`.
#[derive(Clone, Debug)]
struct Condition {
    exits: bool,
    exit_code: Option<String>,
    reason: Option<String>,
    status_reason: Option<String>,
}

impl Retry {
    /// As the request says; one attempt when it says nothing.
    pub fn of(request: &Value) -> Self {
        let strategy = &request["retryStrategy"];
        let conditions = strategy["evaluateOnExit"].as_array().into_iter().flatten();
        Self {
            attempts: strategy["attempts"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(1),
            conditions: conditions.map(Condition::of).collect(),
        }
    }

    /// Whether an attempt that failed so, after so many in all, is followed by another. No match means yes.
    pub fn goes_on(&self, ended: usize, exit_code: i32, reason: &str, status_reason: &str) -> bool {
        let exit_code = exit_code.to_string();
        let matching = self.conditions.iter().find(|condition| {
            fits(condition.exit_code.as_deref(), &exit_code)
                && fits(condition.reason.as_deref(), reason)
                && fits(condition.status_reason.as_deref(), status_reason)
        });
        ended < self.attempts && matching.is_none_or(|condition| !condition.exits)
    }
}

impl Condition {
    fn of(condition: &Value) -> Self {
        let text = |member: &str| condition[member].as_str().map(str::to_owned);
        Self {
            exits: condition["action"].as_str().is_some_and(|action| action.eq_ignore_ascii_case("EXIT")),
            exit_code: text("onExitCode"),
            reason: text("onReason"),
            status_reason: text("onStatusReason"),
        }
    }
}

fn fits(pattern: Option<&str>, text: &str) -> bool {
    pattern.is_none_or(|pattern| is_like(pattern, text))
}

/// Whether the text is the pattern's, which may end in `*`.
pub fn is_like(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => text.starts_with(prefix),
        None => pattern == text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Retry;

    #[test]
    fn a_job_without_a_strategy_is_tried_once() {
        assert!(!Retry::of(&json!({})).goes_on(1, 1, "", ""));
    }

    #[test]
    fn the_first_condition_that_fits_decides_and_none_means_again() {
        let retry = Retry::of(&json!({ "retryStrategy": { "attempts": 3, "evaluateOnExit": [
            { "onStatusReason": "Host EC2*", "action": "retry" },
            { "onExitCode": "1*", "action": "EXIT" },
        ] } }));
        assert!(retry.goes_on(1, 137, "", "Host EC2 terminated"));
        assert!(!retry.goes_on(1, 137, "", "exited"));
        assert!(retry.goes_on(2, 2, "", "exited"));
        assert!(!retry.goes_on(3, 2, "", "exited"));
    }
}
