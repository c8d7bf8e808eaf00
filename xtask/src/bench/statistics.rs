//! What is made of many numbers. Pure.

/// The one in the middle.
pub fn median(numbers: Vec<f64>) -> f64 {
    percentile(numbers, 50)
}

/// The smallest number that is not below so many percent of all; 0 of none.
pub fn percentile(mut numbers: Vec<f64>, percent: usize) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let rank = (numbers.len() * percent).div_ceil(100);
    numbers.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// The most moments within any span of so many milliseconds. A span does not hold the moment of its end.
pub fn most_within(mut moments: Vec<i64>, span_ms: i64) -> usize {
    moments.sort_unstable();
    let from = |first: &i64| {
        let (since, until) = (*first, first + span_ms);
        moments.partition_point(|at| *at < until) - moments.partition_point(|at| *at < since)
    };
    moments.iter().map(from).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(number: f64, expected: f64) -> bool {
        (number - expected).abs() < 1e-9
    }

    #[test]
    fn a_percentile_is_one_of_the_numbers() {
        let hundred = || (1..=100).rev().map(f64::from).collect::<Vec<_>>();
        assert!(is(percentile(hundred(), 50), 50.0));
        assert!(is(percentile(hundred(), 99), 99.0));
        assert!(is(percentile(hundred(), 100), 100.0));
        assert!(is(percentile(vec![7.0, 3.0], 99), 7.0));
        assert!(is(percentile(Vec::new(), 99), 0.0));
    }

    #[test]
    fn one_number_that_is_far_off_does_not_move_the_median() {
        assert!(is(median(vec![500.0, 2.0, 3.0]), 3.0));
    }

    #[test]
    fn a_window_may_begin_anywhere_and_does_not_hold_its_own_end() {
        assert_eq!(most_within(vec![900, 0, 1_100, 1_000, 2_050], 1_000), 3);
        assert_eq!(most_within(vec![0, 1_000, 2_000], 1_000), 1);
        assert_eq!(most_within(Vec::new(), 1_000), 0);
    }
}
