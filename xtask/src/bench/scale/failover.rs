//! The leader is killed while jobs run and objects wait to be submitted, and another replica takes over.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::calls::Calls;
use super::figures::Figures;
use super::rows::{FAILOVER_DESCRIBE, FAILOVER_LIST, FAILOVER_MOST, FAILOVER_SUBMIT};
use super::scene::Scene;
use super::start::Started;
use crate::bench::load::create;
use crate::bench::statistics::most_within;
use crate::bench::wait::{PAUSE, wait};
use crate::run::Failure;

/// What a killed process has sent is answered within that time. A leader is replaced much later.
const DRAINED: Duration = Duration::from_millis(500);
/// How long a new leader may take to submit.
const TAKEN_OVER_WITHIN: Duration = Duration::from_mins(2);
/// How long the reads of the new leader are counted.
const MINUTE: Duration = Duration::from_mins(1);

/// Kills the leader when a quarter of the group is submitted. The other replica must be ready.
pub fn failover(
    scene: &Scene<'_>,
    leader: Started,
    group: &str,
    number: usize,
    figures: &mut Figures,
) -> Result<(), Failure> {
    println!("  the leader is killed while {number} BatchJobs are being submitted");
    let double = &scene.stage.double;
    let submitted = double.count("SubmitJob");
    create(scene.stage, &scene.group(group), number)?;
    wait(PAUSE, "a quarter of the jobs to be submitted", || {
        Ok(double.count("SubmitJob") - submitted >= number as u64 / 4)
    })?;
    leader.kill()?;
    let killed = Instant::now();
    sleep(DRAINED);
    let (calls, before) = (Calls::so_far(double), double.calls());
    wait(PAUSE, "the new leader to call AWS", || Ok(double.calls() > before))?;
    let called = Instant::now();
    if !double.wait_for_requests("SubmitJob", calls.get("SubmitJob") + 1, TAKEN_OVER_WITHIN) {
        let waited = TAKEN_OVER_WITHIN.as_secs();
        return Err(format!("the second replica has submitted nothing in {waited} s").into());
    }
    figures.measured(&FAILOVER_SUBMIT, killed.elapsed().as_secs_f64());
    sleep(MINUTE.saturating_sub(called.elapsed()));
    let calls = calls.since(double);
    figures.count(&FAILOVER_DESCRIBE, calls.get("DescribeJobs"));
    figures.count(&FAILOVER_LIST, calls.get("ListJobs"));
    let requests = double.requests_of("SubmitJob");
    let moments = requests.iter().skip(usize::try_from(submitted)?).map(|request| request.at);
    figures.count(&FAILOVER_MOST, most_within(moments.collect(), 1_000));
    Ok(())
}
