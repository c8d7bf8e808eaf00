//! A minute in which nothing moves: what the look at unchanged jobs costs.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::calls::Calls;
use super::figures::Figures;
use super::rows::{QUIET_CALLS, QUIET_DESCRIBE, QUIET_LIST, QUIET_WRITES};
use super::scene::Scene;
use crate::bench::requests::writes;
use crate::run::Failure;

/// How long nothing moves.
const MINUTE: Duration = Duration::from_mins(1);

/// Measures calls and writes for a minute. Answers how long the minute was.
pub fn quiet(scene: &Scene<'_>, figures: &mut Figures) -> Result<Duration, Failure> {
    println!("  nothing moves for a minute");
    let (stage, begun) = (scene.stage, Instant::now());
    let written = || {
        let requests = stage.requests()?;
        Ok::<_, Failure>(writes(&requests, "batchjobs") + writes(&requests, "events"))
    };
    let (before, calls) = (written()?, Calls::so_far(&stage.double));
    sleep(MINUTE);
    let (calls, took) = (calls.since(&stage.double), begun.elapsed());
    let written = written()? - before;
    let mut each_second = |row, number: f64| figures.measured(row, number / took.as_secs_f64());
    #[allow(clippy::cast_precision_loss, reason = "a number of calls in a minute is small")]
    for (row, number) in [
        (&QUIET_DESCRIBE, calls.get("DescribeJobs")),
        (&QUIET_LIST, calls.get("ListJobs")),
        (&QUIET_CALLS, calls.all()),
    ] {
        each_second(row, number as f64);
    }
    each_second(&QUIET_WRITES, written);
    Ok(took)
}
