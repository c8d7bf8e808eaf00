//! How soon the end of a job is shown, while jobs end one after another at any time of a round. The page on performance
//! has the figures.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_batch_operator::job::JobStatus;

use super::{Loop, MINUTE};

/// Ends so many jobs of all, one in each pause. Returns how long half of the ends took to be shown, and 99 of 100.
fn delays(all: usize, ends: usize, pause: Duration) -> (Duration, Duration) {
    let mut each = Loop::over(all, 0);
    each.run(MINUTE);
    let (begun, mut waiting, mut delays) = (each.now, BTreeMap::new(), Vec::new());
    let mut next = 0;
    while delays.len() < ends {
        while next < ends && begun + pause * u32::try_from(next).unwrap() <= each.now {
            // A prime number, so that neighbours do not end together.
            let n = (next * 7_919 + 17) % all;
            each.set(n, JobStatus::Succeeded);
            waiting.insert(n, begun + pause * u32::try_from(next).unwrap());
            next += 1;
        }
        each.step();
        let shown: Vec<_> =
            waiting.keys().copied().filter(|n| each.shown(*n) == Some(JobStatus::Succeeded)).collect();
        delays.extend(shown.iter().map(|n| each.now - waiting.remove(n).unwrap()));
        for n in shown {
            each.forget(n);
        }
    }
    delays.sort_unstable();
    (delays[ends / 2], delays[ends * 99 / 100])
}

#[test]
fn an_end_among_a_hundred_thousand_jobs_is_shown_within_one_round() {
    let (half, most) = delays(100_000, 200, Duration::from_secs(1));
    println!("100,000 jobs, 5 reads a second: {half:?} for half of the ends, {most:?} for 99 of 100");
    assert!(most < Duration::from_secs(30), "{half:?} {most:?}");
}

/// Forty ends a second: an account takes fifty submissions.
#[test]
fn an_end_among_ten_thousand_jobs_is_shown_within_two_seconds_while_all_end() {
    let (half, most) = delays(10_000, 5_000, Duration::from_millis(25));
    println!("10,000 jobs, 5 reads a second: {half:?} for half of the ends, {most:?} for 99 of 100");
    assert!(half <= Duration::from_secs(2) && most <= Duration::from_secs(5), "{half:?} {most:?}");
}
