//! The account's limit of calls: a bucket that fills at the rate and holds one second's worth.

/// A token bucket.
#[derive(Clone, Debug)]
pub struct Limit {
    per_second: f64,
    tokens: f64,
    at_ms: i64,
}

impl Limit {
    /// So many calls a second.
    pub fn per_second(rate: u32, now_ms: i64) -> Self {
        Self { per_second: rate.into(), tokens: rate.into(), at_ms: now_ms }
    }

    /// Whether this call is within the limit.
    pub fn take(&mut self, now_ms: i64) -> bool {
        #[allow(clippy::cast_precision_loss, reason = "milliseconds between two calls")]
        let passed = (now_ms - self.at_ms).max(0) as f64 / 1000.0;
        self.at_ms = now_ms;
        self.tokens = (self.tokens + passed * self.per_second).min(self.per_second);
        if self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Limit;

    #[test]
    fn fifty_a_second_and_no_more() {
        let mut limit = Limit::per_second(50, 0);
        assert_eq!((0..100).filter(|_| limit.take(0)).count(), 50);
        assert_eq!((0..100).filter(|_| limit.take(500)).count(), 25);
        assert_eq!((0..100).filter(|_| limit.take(60_000)).count(), 50);
    }
}
