//! Sets of numbers as ranges, such as `1,3-5`.

use std::collections::BTreeSet;

/// Writes sorted numbers in at most `longest` characters. A final `…` says that numbers are left out.
pub fn compressed(numbers: &[i32], longest: usize) -> String {
    let mut text = String::new();
    for (first, last) in runs(numbers) {
        let run = if first == last { first.to_string() } else { format!("{first}-{last}") };
        let comma = if text.is_empty() { "" } else { "," };
        // Two characters stay free for the mark.
        if text.len() + comma.len() + run.len() + 2 > longest {
            return text + comma + "…";
        }
        text = text + comma + &run;
    }
    text
}

/// Reads such a text, at most 10,000 numbers of it. Anything that is no number is ignored.
pub fn parsed(text: &str) -> BTreeSet<i32> {
    let run = |run: &str| {
        let (first, last) = run.split_once('-').unwrap_or((run, run));
        Some(first.parse::<i32>().ok()?..=last.parse().ok()?)
    };
    text.split(',').filter_map(run).flatten().take(10_000).collect()
}

/// Joins consecutive numbers to ranges.
fn runs(numbers: &[i32]) -> Vec<(i32, i32)> {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*number) => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_written_as_one() {
        assert_eq!(compressed(&[1, 3, 4, 5], 100), "1,3-5");
        assert_eq!(compressed(&[0], 100), "0");
        assert_eq!(compressed(&[], 100), "");
        assert_eq!(compressed(&[i32::MAX, i32::MAX], 100), "2147483647,2147483647");
        assert_eq!(compressed(&(0..10_000).collect::<Vec<_>>(), 100), "0-9999");
    }

    #[test]
    fn what_is_too_long_is_cut_between_numbers_and_marked() {
        let odd: Vec<i32> = (0..10_000).filter(|n| n % 2 == 1).collect();
        let text = compressed(&odd, 50);
        assert!(text.chars().count() <= 50, "{text}");
        assert!(text.starts_with("1,3,5,7,9,11,") && text.ends_with(",…"), "{text}");
        let whole = compressed(&odd, 100_000);
        assert!(whole.ends_with("9997,9999"), "what fits is not cut");
    }

    #[test]
    fn what_was_written_is_read() {
        assert_eq!(parsed("1,3-5"), [1, 3, 4, 5].into());
        assert_eq!(parsed(""), BTreeSet::new());
        assert_eq!(parsed("x,2,…"), [2].into(), "somebody may have edited it");
    }
}
