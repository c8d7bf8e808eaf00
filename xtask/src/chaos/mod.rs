//! Two replicas of the operator on a real control plane and the double, while everything fails that we can make fail.
//! In the end every BatchJob has exactly one job.

mod harm;
mod judge;
mod kubectl;
mod load;
mod policy;
pub mod replica;
mod report;
mod rights;
mod schedule;
mod stage;
mod torn;
mod untold;
mod weather;
mod world;

use std::thread;
use std::time::{Duration, Instant};

use harm::Processes;
use judge::{Verdict, is_settled, judge};
use kubectl::Kubectl;
use world::Shared;

use crate::run::Failure;

/// How long nothing may come to its end once nothing goes wrong any more: pauses that have grown, claims of replicas
/// that are gone, reads that lag, and late looks.
const SETTLES_WITHIN: Duration = Duration::from_mins(5);
/// How long the end of all objects may take: a late look holds its object.
const GONE_WITHIN: Duration = Duration::from_mins(5);

/// Does harm for so many minutes, then waits until everything has settled, and judges.
pub fn chaos(minutes: u64, seed: u64, has_policy: bool) -> Result<(), Failure> {
    let flag = if has_policy { "" } else { " --without-admission-policy" };
    println!(
        "chaos for {minutes} min with seed {seed}: cargo xtask chaos --minutes {minutes} --seed {seed}{flag}"
    );
    let lags = stage::lags(minutes);
    let (mut processes, double) = stage::start(seed, lags)?;
    let kubectl = Kubectl::of_administrator(&processes.plane);
    let team = Kubectl::of_team(&processes.plane)?;
    if has_policy {
        policy::install(&kubectl, &team)?;
    }
    let begun = Instant::now();
    let shared = Shared::new(double, begun + Duration::from_secs(60 * minutes));
    let outcome = thread::scope(|scope| {
        let harm = scope.spawn(|| processes.harm(&shared, seed).map_err(|error| error.to_string()));
        scope.spawn(|| weather::make(&shared, seed, lags));
        scope.spawn(|| load::work(&shared, &team, seed, has_policy));
        scope.spawn(|| rights::take(&shared, &kubectl, seed, minutes));
        while !shared.is_over() {
            shared.sleep(Duration::from_secs(5));
            report::progress(&shared, begun.elapsed());
        }
        harm.join().unwrap_or_else(|_| Err("the thread that does harm has panicked".to_owned()))
    });
    outcome?;
    println!("nothing goes wrong any more; waiting until everything has settled");
    let settled_after = settle(&kubectl, begun)?;
    let verdict = judge(&kubectl.objects()?, &shared.double().jobs(), || processes.excuses());
    report::table(&shared, &verdict, settled_after);
    if !verdict.is_good() {
        return Err(keep_logs(&processes, seed));
    }
    end(&shared, &kubectl, &processes)
}

/// Waits until every object is where it belongs, or for as long as that may take.
fn settle(kubectl: &Kubectl, begun: Instant) -> Result<Duration, Failure> {
    let over = Instant::now();
    let (mut fewest, mut since) = (usize::MAX, over);
    loop {
        thread::sleep(Duration::from_secs(3));
        let objects = match kubectl.objects() {
            Ok(objects) => objects,
            // The API server was away a moment ago.
            Err(error) if since.elapsed() < SETTLES_WITHIN => {
                println!("{:>5}s  {error}", begun.elapsed().as_secs());
                continue;
            }
            Err(error) => return Err(error),
        };
        let unsettled: Vec<_> = objects.iter().filter(|object| !is_settled(object)).collect();
        if unsettled.len() < fewest {
            (fewest, since) = (unsettled.len(), Instant::now());
        }
        if unsettled.is_empty() || since.elapsed() > SETTLES_WITHIN {
            return Ok(over.elapsed());
        }
        println!(
            "{:>5}s  {} objects, {} not settled",
            begun.elapsed().as_secs(),
            objects.len(),
            unsettled.len()
        );
    }
}

/// Deletes everything: then nothing may run any more.
fn end(shared: &Shared, kubectl: &Kubectl, processes: &Processes) -> Result<(), Failure> {
    let begun = Instant::now();
    kubectl.delete_all(&load::NAMESPACES)?;
    loop {
        let objects = kubectl.objects()?;
        let verdict = judge(&objects, &shared.double().jobs(), || processes.excuses());
        if objects.is_empty() && verdict.is_good() {
            println!("everything was deleted, and no job is left running");
            return Ok(());
        }
        if begun.elapsed() > GONE_WITHIN {
            let Verdict { orphans, stuck, .. } = verdict;
            return Err(format!("after their deletion: {stuck:?} are left, and {orphans:?} run on").into());
        }
        thread::sleep(Duration::from_secs(1));
    }
}

/// Copies the logs to where they outlive the run.
fn keep_logs(processes: &Processes, seed: u64) -> Failure {
    let kept = crate::run::root().join(format!("target/chaos-{seed}"));
    let copied = processes.copy_logs(&kept);
    let fate = match copied {
        Ok(()) => format!("the operators' logs are in {}", kept.display()),
        Err(error) => format!("the logs could not be kept: {error}"),
    };
    format!("a promise was broken with seed {seed}; {fate}").into()
}
