//! Many jobs end within some time: how long each end takes from AWS to the status in the API server.

use std::collections::BTreeMap;
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use batch_double::Logged;
use serde_json::Value;

use super::calls::Calls;
use super::figures::Figures;
use super::rows::{
    CHANGE_CALLS, CHANGE_P50, CHANGE_P99, CHANGE_READ_P50, CHANGE_READ_P99, END_CALLS, END_P50, END_P99,
    END_READ_P50, END_READ_P99, Row,
};
use super::scene::Scene;
use crate::bench::load::in_phase;
use crate::bench::statistics::percentile;
use crate::bench::watch::Watch;
use crate::run::Failure;

/// In the long run no more jobs end than begin, and an account takes 50 SubmitJob calls a second.
const ENDS_A_SECOND: f64 = 40.0;

/// Jobs that end evenly over some time, and the figures about them.
struct Ends {
    number: usize,
    over: Duration,
    calls: Row,
    /// Until the job is described, p50 and p99.
    read: [Row; 2],
    /// Until the status is written, p50 and p99.
    written: [Row; 2],
}

/// When a job ended.
#[derive(Clone, Debug)]
struct End {
    job: String,
    at: Instant,
    /// The same in the time of the double, as in the log of its requests.
    at_ms: i64,
}

/// Jobs of a group change in one second.
pub fn changes(scene: &Scene<'_>, group: &str, figures: &mut Figures) -> Result<(), Failure> {
    println!("  {} jobs change in one second", scene.changes);
    let ends = Ends {
        number: scene.changes,
        over: Duration::from_secs(1),
        calls: CHANGE_CALLS,
        read: [CHANGE_READ_P50, CHANGE_READ_P99],
        written: [CHANGE_P50, CHANGE_P99],
    };
    measure(scene, group, &ends, figures)
}

/// All jobs of a group end, at the pace of a busy account.
pub fn ends(scene: &Scene<'_>, group: &str, figures: &mut Figures) -> Result<(), Failure> {
    let over = Duration::from_secs(scene.objects as u64).div_f64(ENDS_A_SECOND);
    println!("  all jobs end, within {} s", over.as_secs());
    let ends = Ends {
        number: usize::MAX,
        over,
        calls: END_CALLS,
        read: [END_READ_P50, END_READ_P99],
        written: [END_P50, END_P99],
    };
    measure(scene, group, &ends, figures)
}

/// Another client of AWS terminates the jobs.
fn measure(scene: &Scene<'_>, group: &str, ends: &Ends, figures: &mut Figures) -> Result<(), Failure> {
    let mut jobs = scene.jobs();
    jobs.retain(|job| job.name.starts_with(group) && job.status == "RUNNING");
    let jobs = spread(&jobs, ends.number.min(jobs.len()));
    let watch = Watch::start(scene.stage, scene.namespace, &in_phase("Failed"))?;
    let (begun, calls) = (Instant::now(), Calls::so_far(&scene.stage.double));
    let (ended, shown) = scope(|scope| {
        let number = jobs.len();
        let reader = scope.spawn(move || watch.arrivals(number).map_err(|error| error.to_string()));
        let mut ended = BTreeMap::new();
        for (job, number) in jobs.iter().zip(0..) {
            sleep(turn(number, jobs.len(), ends.over).saturating_sub(begun.elapsed()));
            // The end comes when the container has stopped.
            if let Some(after) = scene.stage.double.terminate(&job.id) {
                let at_ms = scene.stage.double.now() + i64::try_from(after.as_millis()).unwrap_or_default();
                let end = End { job: job.id.clone(), at: Instant::now() + after, at_ms };
                ended.insert(job.name.clone(), end);
            }
        }
        (ended, reader.join().unwrap_or_else(|_| Err("the watch has panicked".to_owned())))
    });
    let shown = shown?;
    let calls = calls.since(&scene.stage.double);
    #[allow(clippy::cast_precision_loss, reason = "a number of calls is small")]
    figures.measured(&ends.calls, calls.all() as f64 / begun.elapsed().as_secs_f64());
    let read = until_read(&ended, &scene.stage.double.requests_of("DescribeJobs"));
    for (rows, delays) in [(ends.read, read), (ends.written, until_shown(&ended, &shown))] {
        for (row, percent) in rows.iter().zip([50, 99]) {
            figures.measured(row, percentile(delays.clone(), percent));
        }
    }
    Ok(())
}

/// So many of all, at even distances: a client may look at neighbours together.
fn spread<T>(all: &[T], number: usize) -> Vec<&T> {
    (0..number).filter_map(|place| all.get(place * all.len() / number)).collect()
}

/// When the change of that number is due, from the first one on.
fn turn(number: u32, of: usize, over: Duration) -> Duration {
    over * number / u32::try_from(of).unwrap_or(u32::MAX)
}

/// From each end to its status, in seconds.
fn until_shown(ended: &BTreeMap<String, End>, shown: &BTreeMap<String, Instant>) -> Vec<f64> {
    let delay = |(name, shown): (&String, &Instant)| {
        Some(shown.saturating_duration_since(ended.get(name)?.at).as_secs_f64())
    };
    shown.iter().filter_map(delay).collect()
}

/// From each end to the first description of the job after that, in seconds.
fn until_read(ended: &BTreeMap<String, End>, described: &[Logged]) -> Vec<f64> {
    let mut waiting: BTreeMap<&str, i64> = ended.values().map(|end| (end.job.as_str(), end.at_ms)).collect();
    let mut delays = Vec::new();
    for request in described {
        for id in request.body["jobs"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if waiting.get(id).is_some_and(|ended| *ended <= request.at) {
                let milliseconds = request.at - waiting.remove(id).unwrap_or_default();
                #[allow(clippy::cast_precision_loss, reason = "a delay is short")]
                delays.push(milliseconds as f64 / 1_000.0);
            }
        }
    }
    delays
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_spread_evenly_over_the_time() {
        let due = [0, 1, 3].map(|number| turn(number, 4, Duration::from_secs(2)));
        assert_eq!(due, [0, 500, 1_500].map(Duration::from_millis));
    }

    #[test]
    fn those_that_change_are_taken_from_everywhere() {
        assert_eq!(spread(&[0, 1, 2, 3, 4, 5], 3), [&0, &2, &4]);
        assert_eq!(spread(&[0, 1, 2], 3), [&0, &1, &2]);
    }

    #[test]
    fn a_delay_begins_with_the_end_of_that_job() {
        let now = Instant::now();
        let at = |ms| now + Duration::from_millis(ms);
        let end = |job: &str, ms: u64, at_ms| End { job: job.to_owned(), at: at(ms), at_ms };
        let ended = [("a", end("1", 300, 1_300)), ("b", end("2", 500, 1_500))];
        let ended = ended.map(|(name, end)| (name.to_owned(), end)).into();
        let shown = [("a", at(800)), ("b", at(2_500)), ("other", at(9_000))];
        let shown = shown.map(|(name, at)| (name.to_owned(), at)).into();
        assert_eq!(until_shown(&ended, &shown), [0.5, 2.0]);
        let described = |at, jobs: &[&str]| Logged {
            seq: 1,
            at,
            operation: "DescribeJobs",
            invocation_id: None,
            signed_at: None,
            body: json!({ "jobs": jobs }),
            outcome: "200".to_owned(),
            job_id: None,
        };
        let described =
            [described(1_200, &["1"]), described(1_400, &["1", "2"]), described(2_500, &["1", "2", "3"])];
        assert_eq!(until_read(&ended, &described), [0.1, 1.0]);
    }
}
