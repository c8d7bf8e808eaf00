//! One run of an operator: from an empty namespace to one in which all jobs have ended.

use std::fs;

use stand::Jobs;

use super::changes::{changes, ends};
use super::deletions::deletions;
use super::failover::failover;
use super::figures::Figures;
use super::quiet::quiet;
use super::rows::{
    ACTIVE, ACTIVE_AGAIN, ACTIVE_AGAIN_MOST, ACTIVE_CALL, ACTIVE_MOST, ACTIVE_READY, BINARY, FINISHED,
    FINISHED_AGAIN, FINISHED_AGAIN_MOST, FINISHED_READY, IDLE, QUIET_CPU, TWICE,
};
use super::scene::Scene;
use super::start::Started;
use crate::bench::load::delete;
use crate::bench::subject::Subject;
use crate::bench::wait::{PAUSE, wait};
use crate::run::Failure;

/// The objects that are there from the beginning to the end.
const KEPT: &str = "kept";
/// Those that are deleted while their jobs run.
const DOOMED: &str = "doomed";
/// Those that take the place of jobs that have ended, so that as many are active as before.
const AGAIN: &str = "again";
/// Those that wait to be submitted when the leader is killed.
const WAITING: &str = "waiting";
/// No more than so many wait then: ten seconds of submissions.
const MOST_WAITING: usize = 400;
/// How many jobs one DescribeJobs takes.
const A_CALL: u64 = 100;

/// The last of so many objects, which is there at the end.
pub fn last(objects: u16) -> String {
    format!("{KEPT}-{}", objects - 1)
}

/// Measures one subject once.
pub fn run(scene: &Scene<'_>, subject: &Subject) -> Result<Figures, Failure> {
    let mut figures = Figures::default();
    let kilobytes = u32::try_from(fs::metadata(&subject.program)?.len() / 1000)?;
    figures.measured(&BINARY, f64::from(kilobytes) / 1000.0);
    fill(scene, subject, &mut figures)?;
    let leader = start_with_all_active(scene, subject, &mut figures)?;
    let before = leader.cpu_ms()?;
    let took = quiet(scene, &mut figures)?;
    figures.measured(&QUIET_CPU, (leader.cpu_ms()? - before) / took.as_secs_f64() / 10.0);
    changes(scene, KEPT, &mut figures)?;
    scene.run_group(DOOMED, scene.objects / 10)?;
    scene.settle()?;
    deletions(scene, DOOMED, scene.objects / 10, &mut figures)?;
    scene.run_group(AGAIN, scene.changes)?;
    let second = Started::new(scene, subject, "second", &[])?;
    let waiting = MOST_WAITING.min(scene.objects / 2);
    failover(scene, leader, WAITING, waiting, &mut figures)?;
    ends(scene, KEPT, &mut figures)?;
    finish(scene, waiting)?;
    figures.measured(&FINISHED, second.memory()?.now);
    second.stop()?;
    start_with_all_finished(scene, subject, &mut figures)?;
    Ok(figures)
}

/// An operator without objects, then one that gets all of them at once.
fn fill(scene: &Scene<'_>, subject: &Subject, figures: &mut Figures) -> Result<(), Failure> {
    // With more submissions a second than AWS takes: how long that takes is not measured.
    let operator = Started::new(scene, subject, "first", &["--submit-rate", "1000"])?;
    scene.settle()?;
    figures.measured(&IDLE, operator.memory()?.now);
    scene.run_group(KEPT, scene.objects)?;
    scene.settle()?;
    let memory = operator.memory()?;
    figures.measured(&ACTIVE, memory.now);
    figures.measured(&ACTIVE_MOST, memory.most);
    operator.stop()
}

fn start_with_all_active(
    scene: &Scene<'_>,
    subject: &Subject,
    figures: &mut Figures,
) -> Result<Started, Failure> {
    println!("  a start with all active");
    let double = &scene.stage.double;
    let described = double.count("DescribeJobs");
    let leader = Started::new(scene, subject, "leader", &[])?;
    figures.measured(&ACTIVE_READY, leader.ready.as_secs_f64());
    figures.measured(&ACTIVE_CALL, leader.called.as_secs_f64());
    wait(PAUSE, "the first look at all jobs", || {
        Ok(double.count("DescribeJobs") - described > scene.objects as u64 / A_CALL)
    })?;
    scene.settle()?;
    let memory = leader.memory()?;
    figures.measured(&ACTIVE_AGAIN, memory.now);
    figures.measured(&ACTIVE_AGAIN_MOST, memory.most);
    Ok(leader)
}

/// Ends the jobs that are left, and leaves as many objects as there were at the beginning.
fn finish(scene: &Scene<'_>, waiting: usize) -> Result<(), Failure> {
    println!("  the rest of the jobs end");
    scene.end_all_jobs()?;
    scene.settle()?;
    delete(scene.stage, &scene.group(AGAIN), scene.changes)?;
    delete(scene.stage, &scene.group(KEPT), waiting)?;
    scene.settle()
}

fn start_with_all_finished(
    scene: &Scene<'_>,
    subject: &Subject,
    figures: &mut Figures,
) -> Result<(), Failure> {
    println!("  a start with all finished");
    let operator = Started::new(scene, subject, "third", &[])?;
    figures.measured(&FINISHED_READY, operator.ready.as_secs_f64());
    scene.settle()?;
    let memory = operator.memory()?;
    figures.measured(&FINISHED_AGAIN, memory.now);
    figures.measured(&FINISHED_AGAIN_MOST, memory.most);
    println!("  what the killed leader left in doubt is settled: up to seven minutes");
    scene.wait_until_none_is("Pending")?;
    figures.count(&TWICE, Jobs::new(&scene.jobs()).twice().len());
    operator.stop()
}
