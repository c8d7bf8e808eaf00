//! Times in AWS Batch.

use jiff::Timestamp;

/// Milliseconds since 1970. The SDK fills a missing required time with 0, which stands for "not yet".
pub fn time(milliseconds: Option<i64>) -> Option<Timestamp> {
    milliseconds.filter(|ms| *ms > 0).and_then(|ms| Timestamp::from_millisecond(ms).ok())
}
