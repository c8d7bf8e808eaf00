//! One run: ConfigMaps, then BatchJobs that nobody looks after, then BatchJobs of an operator.

use std::thread::sleep;
use std::time::{Duration, Instant};

use super::figures::Figures;
use super::load::{Kind, create, is_any_in};
use super::requests::{Requests, between, counted};
use super::stage::{Stage, Subject};
use crate::run::Failure;

/// The pause between two looks at the double, which cost the API server nothing.
const PAUSE: Duration = Duration::from_millis(20);
/// The pause between two looks at the API server, which cost it something.
const LONG_PAUSE: Duration = Duration::from_millis(500);
/// How long a run may take.
const DONE_WITHIN: Duration = Duration::from_mins(10);
/// How long the API server is watched while nothing is asked of it.
const IDLE: Duration = Duration::from_secs(10);

/// Measures one subject once.
pub fn run(stage: &mut Stage, subject: &Subject, objects: usize) -> Result<Figures, Failure> {
    stage.serve(subject)?;
    let (alone, watched) = (stage.namespace()?, stage.namespace()?);
    #[allow(clippy::cast_precision_loss, reason = "a number of objects is small")]
    let each = objects as f64;
    let idle = idle(stage)?;
    let cost = |stage: &Stage, kind| {
        let meter = Meter::start(stage, idle)?;
        create(stage, &alone, kind, objects)?;
        Ok::<_, Failure>((meter.cpu_ms(stage)? / each, each / meter.begun.elapsed().as_secs_f64()))
    };
    let (config_map, config_maps_a_second) = cost(stage, Kind::ConfigMap)?;
    let (created, _) = cost(stage, Kind::BatchJob)?;
    let operator = stage.operator(subject, &watched)?;
    let idle = self::idle(stage)?;
    let submitted = stage.double.count("SubmitJob");
    let requests = requests(stage)?;
    let meter = Meter::start(stage, idle)?;
    create(stage, &watched, Kind::BatchJob, objects)?;
    wait(&meter, PAUSE, "every job to be sent", || {
        Ok(stage.double.count("SubmitJob") - submitted >= objects as u64)
    })?;
    wait(&meter, LONG_PAUSE, "a job id in each status", || Ok(!is_any_in(stage, &watched, "Pending")?))?;
    let (recorded, took) = (meter.cpu_ms(stage)?, meter.begun.elapsed());
    wait(&meter, LONG_PAUSE, "all jobs to run", || Ok(!is_any_in(stage, &watched, "Submitted")?))?;
    let running = meter.cpu_ms(stage)?;
    let requests = between(&requests, &self::requests(stage)?, each);
    operator.stop()?;
    Ok(Figures {
        idle,
        config_map,
        created,
        recorded: recorded / each,
        running: running / each,
        config_maps_a_second,
        submitted_a_second: each / took.as_secs_f64(),
        requests,
    })
}

/// The processor time that a burst costs: what the API server uses by itself meanwhile is left out.
struct Meter {
    begun: Instant,
    before: f64,
    idle: f64,
}

impl Meter {
    fn start(stage: &Stage, idle: f64) -> Result<Self, Failure> {
        Ok(Self { begun: Instant::now(), before: stage.server.cpu_ms()?, idle })
    }

    fn cpu_ms(&self, stage: &Stage) -> Result<f64, Failure> {
        Ok(stage.server.cpu_ms()? - self.before - self.idle * self.begun.elapsed().as_secs_f64())
    }
}

/// The processor time that the API server uses in a second while nothing is asked of it, in milliseconds.
fn idle(stage: &Stage) -> Result<f64, Failure> {
    let before = stage.server.cpu_ms()?;
    sleep(IDLE);
    Ok((stage.server.cpu_ms()? - before) / IDLE.as_secs_f64())
}

/// What the API server has counted. The answer itself takes it some time: nobody asks while time is measured.
fn requests(stage: &Stage) -> Result<Requests, Failure> {
    Ok(counted(&stage.plane.run(&["get", "--raw", "/metrics"])?))
}

fn wait(
    meter: &Meter,
    pause: Duration,
    what: &str,
    mut is_done: impl FnMut() -> Result<bool, Failure>,
) -> Result<(), Failure> {
    while !is_done()? {
        if meter.begun.elapsed() > DONE_WITHIN {
            return Err(format!("waited {} s for {what}", DONE_WITHIN.as_secs()).into());
        }
        sleep(pause);
    }
    Ok(())
}
