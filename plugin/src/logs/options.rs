//! Which log the user wants to read, and how much of it.

use std::time::Duration;

use clap::Args;

use crate::duration::duration;

/// The most children or nodes at once: each is read once a second, and AWS allows 25 reads in all.
pub const TOGETHER: usize = 10;

/// What to read.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// Go on with new lines, through all attempts, until the job has ended
    #[arg(short, long)]
    pub follow: bool,
    /// Begin with the last N lines of each log, 0 to 10000 [default: with the first line]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(0..=10_000))]
    pub tail: Option<u16>,
    /// Leave out lines that are older, such as 90s, 30m or 2h
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub since: Option<Duration>,
    /// Begin each line with its time
    #[arg(long)]
    pub timestamps: bool,
    /// Children of an array job, such as 7 or 0,3-5 [default: all of up to 10, else the first that failed]
    #[arg(long, value_name = "INDEX", value_parser = indexes, conflicts_with_all = ["failed", "node"])]
    pub child: Option<Indexes>,
    /// The first child of an array job that failed
    #[arg(long, conflicts_with = "node")]
    pub failed: bool,
    /// Nodes of a multi-node parallel job, such as 0 or 1-3 [default: all of up to 10]
    #[arg(long, value_name = "INDEX", value_parser = indexes)]
    pub node: Option<Indexes>,
    /// Container of a job with several [default: the one that failed, else the first]
    #[arg(short, long, value_name = "NAME")]
    pub container: Option<String>,
    /// Attempt, counted from 1 [default: the latest]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=10))]
    pub attempt: Option<u16>,
}

/// Indexes of children or nodes, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indexes(pub Vec<i32>);

fn indexes(text: &str) -> Result<Indexes, String> {
    let wrong = || format!("'{text}' is no list of indexes such as 7 or 0,3-5");
    let number = |text: &str| text.parse::<u16>().map(i32::from).map_err(|_| wrong());
    let mut found = Vec::new();
    for run in text.split(',') {
        let (first, last) = run.split_once('-').unwrap_or((run, run));
        found.extend(number(first)?..=number(last)?);
    }
    found.sort_unstable();
    found.dedup();
    match found.len() {
        0 => Err(wrong()),
        1..=TOGETHER => Ok(Indexes(found)),
        _ => Err(format!("at most {TOGETHER} logs are read at once")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_are_numbers_and_ranges_and_at_most_ten() {
        let of = |text| indexes(text).map(|indexes| indexes.0);
        assert_eq!(of("7"), Ok(vec![7]));
        assert_eq!(of("5,0-2,1"), Ok(vec![0, 1, 2, 5]));
        assert_eq!(of("9990-9999").map(|found| found.len()), Ok(10));
        assert!(of("0-10").unwrap_err().contains("at most 10"));
        for text in ["", "a", "-1", "1,", "3-1", "1-2-3", "99999"] {
            assert!(of(text).unwrap_err().contains("0,3-5"), "{text}");
        }
    }
}
