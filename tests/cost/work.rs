//! A cost is the difference of two runs with another number of repetitions, so that the start and the preparation fall out.

use std::hint::black_box;
use std::mem::forget;

/// Most repetitions of a run.
const MOST: usize = 2;

/// How many repetitions the run has: one, unless a task says otherwise.
#[allow(clippy::disallowed_methods, reason = "how many is given by the task")]
fn repetitions() -> usize {
    std::env::var("COST_REPETITIONS").map_or(1, |number| number.parse().unwrap())
}

/// Does the work in each repetition. What the work takes is made for the most repetitions in every run. What the work
/// returns is not dropped.
pub fn repeat<T, R>(make: impl FnMut() -> T, mut work: impl FnMut(T) -> R) {
    let mut taken: Vec<T> = std::iter::repeat_with(make).take(MOST).collect();
    let returned: Vec<R> =
        taken.drain(..repetitions().min(MOST)).map(|input| black_box(work(black_box(input)))).collect();
    forget((taken, returned));
}

/// Keeps what is made until the process ends. Without repetitions nothing is made.
pub fn keep<T>(make: impl FnOnce() -> T) {
    if repetitions() > 0 {
        forget(black_box(make()));
    }
}
