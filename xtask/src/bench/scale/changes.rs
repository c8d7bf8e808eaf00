//! Many jobs end within some time: how long each end takes from AWS to the status in the API server.

use std::collections::BTreeMap;
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use super::calls::Calls;
use super::figures::Figures;
use super::rows::{CHANGE_CALLS, CHANGE_P50, CHANGE_P99, END_CALLS, END_P50, END_P99, Row};
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
    p50: Row,
    p99: Row,
}

/// Jobs of a group change in one second.
pub fn changes(scene: &Scene<'_>, group: &str, figures: &mut Figures) -> Result<(), Failure> {
    println!("  {} jobs change in one second", scene.changes);
    let (number, over) = (scene.changes, Duration::from_secs(1));
    measure(
        scene,
        group,
        &Ends { number, over, calls: CHANGE_CALLS, p50: CHANGE_P50, p99: CHANGE_P99 },
        figures,
    )
}

/// All jobs of a group end, at the pace of a busy account.
pub fn ends(scene: &Scene<'_>, group: &str, figures: &mut Figures) -> Result<(), Failure> {
    let over = Duration::from_secs(scene.objects as u64).div_f64(ENDS_A_SECOND);
    println!("  all jobs end, within {} s", over.as_secs());
    let ends = Ends { number: usize::MAX, over, calls: END_CALLS, p50: END_P50, p99: END_P99 };
    measure(scene, group, &ends, figures)
}

/// Another client of AWS terminates the jobs.
fn measure(scene: &Scene<'_>, group: &str, ends: &Ends, figures: &mut Figures) -> Result<(), Failure> {
    let mut jobs = scene.jobs();
    jobs.retain(|job| job.name.starts_with(group) && job.status == "RUNNING");
    let jobs = spread(&jobs, ends.number.min(jobs.len()));
    let watch = Watch::start(scene.stage, scene.namespace, &in_phase("Failed"))?;
    let (begun, calls) = (Instant::now(), Calls::so_far(&scene.stage.double));
    let (changed, shown) = scope(|scope| {
        let number = jobs.len();
        let reader = scope.spawn(move || watch.arrivals(number).map_err(|error| error.to_string()));
        let mut changed = BTreeMap::new();
        for (job, number) in jobs.iter().zip(0..) {
            sleep(turn(number, jobs.len(), ends.over).saturating_sub(begun.elapsed()));
            // The change comes when the container has stopped.
            let stops = scene.stage.double.terminate(&job.id).map(|after| Instant::now() + after);
            changed.insert(job.name.clone(), stops);
        }
        (changed, reader.join().unwrap_or_else(|_| Err("the watch has panicked".to_owned())))
    });
    let delays = delays(&changed, &shown?);
    let calls = calls.since(&scene.stage.double);
    #[allow(clippy::cast_precision_loss, reason = "a number of calls is small")]
    figures.measured(&ends.calls, calls.all() as f64 / begun.elapsed().as_secs_f64());
    figures.measured(&ends.p50, percentile(delays.clone(), 50));
    figures.measured(&ends.p99, percentile(delays, 99));
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

/// From each change to its status, in seconds.
fn delays(changed: &BTreeMap<String, Option<Instant>>, shown: &BTreeMap<String, Instant>) -> Vec<f64> {
    let delay = |(name, shown): (&String, &Instant)| {
        let changed = (*changed.get(name)?)?;
        Some(shown.saturating_duration_since(changed).as_secs_f64())
    };
    shown.iter().filter_map(delay).collect()
}

#[cfg(test)]
mod tests {
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
    fn a_delay_begins_with_the_change_of_that_object() {
        let now = Instant::now();
        let at = |ms| now + Duration::from_millis(ms);
        let changed = [("a", Some(at(300))), ("b", Some(at(500))), ("c", None)];
        let changed = changed.map(|(name, at)| (name.to_owned(), at)).into();
        let shown = [("a", at(800)), ("b", at(2_500)), ("c", at(9_000)), ("other", at(9_000))];
        let shown = shown.map(|(name, at)| (name.to_owned(), at)).into();
        assert_eq!(delays(&changed, &shown), [0.5, 2.0]);
    }
}
