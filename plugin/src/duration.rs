//! Durations as the user types them.

use std::time::Duration;

/// A duration as `30s`, `2m` or `1h30m`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let span = text.parse::<jiff::SignedDuration>().ok();
    let duration = span.and_then(|span| Duration::try_from(span).ok()).filter(|length| !length.is_zero());
    duration.ok_or_else(|| format!("'{text}' is not a duration such as 90s, 30m or 2h"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_unit_and_is_longer_than_nothing() {
        assert_eq!(duration("1h30m"), Ok(Duration::from_mins(90)));
        for text in ["", "30", "0s", "-1s", "soon"] {
            assert!(duration(text).is_err_and(|error| error.contains("90s, 30m or 2h")), "{text}");
        }
    }
}
