//! One run: ConfigMaps, then BatchJobs that nobody looks after, then BatchJobs of an operator.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::figures::Figures;
use super::load::{Kind, create, is_any_in};
use super::requests::{Requests, between, counted};
use super::stage::{Stage, Subject};
use crate::run::Failure;

/// The pause between two looks at how far the operator is.
const PAUSE: Duration = Duration::from_millis(200);
/// How long a run may take.
const DONE_WITHIN: Duration = Duration::from_mins(10);

/// Measures one subject once.
pub fn run(stage: &mut Stage, subject: &Subject, objects: usize) -> Result<Figures, Failure> {
    stage.serve(subject)?;
    let (alone, watched) = (stage.namespace()?, stage.namespace()?);
    #[allow(clippy::cast_precision_loss, reason = "a number of objects is small")]
    let each = objects as f64;
    let cost = |stage: &Stage, kind| {
        let before = stage.server.cpu_ms()?;
        create(stage, &alone, kind, objects)?;
        Ok::<_, Failure>((stage.server.cpu_ms()? - before) / each)
    };
    let config_map = cost(stage, Kind::ConfigMap)?;
    let created = cost(stage, Kind::BatchJob)?;
    let operator = stage.operator(subject, &watched)?;
    let submitted = stage.double.count("SubmitJob");
    let requests = requests(stage)?;
    let (before, begun) = (stage.server.cpu_ms()?, Instant::now());
    create(stage, &watched, Kind::BatchJob, objects)?;
    wait(begun, "a job id in each status", || {
        let sent = stage.double.count("SubmitJob") - submitted;
        Ok(sent >= objects as u64 && !is_any_in(stage, &watched, "Pending")?)
    })?;
    let (recorded, took) = (stage.server.cpu_ms()? - before, begun.elapsed());
    wait(begun, "all jobs to run", || Ok(!is_any_in(stage, &watched, "Submitted")?))?;
    let running = stage.server.cpu_ms()? - before;
    let requests = between(&requests, &self::requests(stage)?, each);
    operator.stop()?;
    Ok(Figures {
        config_map,
        created,
        recorded: recorded / each,
        running: running / each,
        submitted_a_second: each / took.as_secs_f64(),
        requests,
    })
}

/// What the API server has counted. The answer itself takes it some time: nobody asks while time is measured.
fn requests(stage: &Stage) -> Result<Requests, Failure> {
    Ok(counted(&stage.plane.run(&["get", "--raw", "/metrics"])?))
}

fn wait(
    begun: Instant,
    what: &str,
    mut is_done: impl FnMut() -> Result<bool, Failure>,
) -> Result<(), Failure> {
    while !is_done()? {
        if begun.elapsed() > DONE_WITHIN {
            return Err(format!("waited {} s for {what}", DONE_WITHIN.as_secs()).into());
        }
        sleep(PAUSE);
    }
    Ok(())
}
