//! One run: ConfigMaps, then BatchJobs that nobody looks after, then BatchJobs of an operator.

use std::thread::sleep;
use std::time::{Duration, Instant};

use batch_double::Behaviour;

use super::figures::Figures;
use crate::bench::load::{Group, Kind, create, in_phase, is_any};
use crate::bench::requests::between;
use crate::bench::stage::{ENDLESS, Stage};
use crate::bench::subject::Subject;
use crate::bench::wait::{LONG_PAUSE, PAUSE, wait};
use crate::chaos::replica::Replica;
use crate::run::Failure;

/// How long the API server is watched while nothing is asked of it.
const IDLE: Duration = Duration::from_secs(10);

/// One ConfigMap is the unit of the ratios. Fewer of them take too little time to be measured.
const CONFIG_MAPS: u16 = 3_000;

/// An operator that records fewer BatchJobs a second would see jobs run before the last record.
const RECORDED_A_SECOND: u16 = 10;

/// Measures one subject once.
pub fn run(stage: &mut Stage, subject: &Subject, objects: u16) -> Result<Figures, Failure> {
    stage.serve(subject)?;
    let (alone, watched) = (stage.namespace()?, stage.namespace()?);
    let each = f64::from(objects);
    let idle = idle(stage)?;
    let cost = |stage: &Stage, kind, number: u16| {
        let meter = Meter::start(stage, idle)?;
        create(stage, &group(&alone, kind), number.into())?;
        let number = f64::from(number);
        Ok::<_, Failure>((meter.cpu_ms(stage)? / number, number / meter.begun.elapsed().as_secs_f64()))
    };
    let (config_map, config_maps_a_second) = cost(stage, Kind::ConfigMap, CONFIG_MAPS)?;
    let (created, _) = cost(stage, Kind::BatchJob, objects)?;
    stage.double.set_behaviour(ENDLESS, waits_for(objects / RECORDED_A_SECOND));
    // As many submissions as AWS takes.
    let recipe = stage.recipe(subject, &watched, &["--submit-rate", "1000"]);
    let operator = Replica::start(&recipe, &format!("operator-{watched}"))?;
    operator.wait_until_ready();
    let idle = self::idle(stage)?;
    let submitted = stage.double.count("SubmitJob");
    let before = stage.requests()?;
    let meter = Meter::start(stage, idle)?;
    create(stage, &group(&watched, Kind::BatchJob), objects.into())?;
    wait(PAUSE, "every job to be sent", || {
        Ok(stage.double.count("SubmitJob") - submitted >= u64::from(objects))
    })?;
    wait(LONG_PAUSE, "a job id in each status", || Ok(!is_any(stage, &watched, &in_phase("Pending"))?))?;
    let (recorded, took) = (meter.cpu_ms(stage)?, meter.begun.elapsed());
    let requests_recorded = between(&before, &stage.requests()?, each);
    wait(LONG_PAUSE, "all jobs to run", || Ok(!is_any(stage, &watched, &in_phase("Submitted"))?))?;
    let running = meter.cpu_ms(stage)?;
    let requests_running = between(&before, &stage.requests()?, each);
    operator.stop()?;
    Ok(Figures {
        idle,
        config_map,
        created,
        recorded: recorded / each,
        running: running / each,
        config_maps_a_second,
        submitted_a_second: each / took.as_secs_f64(),
        requests_recorded,
        requests_running,
    })
}

/// Jobs stay SUBMITTED for so many seconds, so that no job runs before all are recorded.
fn waits_for(seconds: u16) -> Behaviour {
    Behaviour { submitted_ms: i64::from(seconds) * 1_000 + 5_000, ..Behaviour::forever() }
}

fn group(namespace: &str, kind: Kind) -> Group<'_> {
    Group { namespace, name: "object", kind }
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
