//! States before RUNNING that follow each other within moments become one write; what somebody waits for is written at once.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use aws_batch_operator::job::{FaultKind, JobStatus};
use aws_batch_operator::plan::Step;
use serde_json::json;

use super::remote::{children, job, tried_again};
use super::scene::{Scene, created};

const ON_THE_WAY: [JobStatus; 3] = [JobStatus::Pending, JobStatus::Runnable, JobStatus::Starting];

/// Its job was recorded at noon.
fn recorded() -> Scene {
    created().submitted().told(0)
}

/// The state that this plan writes.
fn written(scene: &Scene) -> Option<String> {
    scene.plan().status.and_then(|status| status.job_status)
}

#[test]
fn a_state_before_running_waits_for_the_next_one_and_the_wait_ends() {
    for state in ON_THE_WAY {
        let scene = recorded().seen(state);
        let plan = scene.clone().now(1).plan();
        assert_eq!((plan.status, plan.wake), (None, Some(Duration::from_secs(4))), "{state:?}");
        assert!(plan.follow.is_some() && plan.step == Step::Rest);
        assert_eq!(written(&scene.now(5)).as_deref(), Some(state.as_str()), "a state that stays is shown");
    }
}

#[test]
fn a_state_that_changes_at_each_look_does_not_put_the_write_off() {
    let wakes = (1..5).map(|now| {
        let state = ON_THE_WAY[usize::try_from(now).unwrap() % 2];
        let plan = recorded().seen(state).now(now).plan();
        assert_eq!(plan.status, None);
        now + i64::try_from(plan.wake.unwrap().as_secs()).unwrap()
    });
    assert!(wakes.into_iter().all(|at| at == 5), "the write is due five seconds after the last one");
    assert_eq!(written(&recorded().seen(JobStatus::Starting).now(5)).as_deref(), Some("STARTING"));
}

#[test]
fn a_process_that_has_written_nothing_does_not_wait() {
    let scene = recorded().seen(JobStatus::Runnable).restarted(1);
    assert_eq!(written(&scene.seen(JobStatus::Runnable)).as_deref(), Some("RUNNABLE"));
}

#[test]
fn what_somebody_waits_for_is_written_at_once() {
    let mut stuck = job(JobStatus::Runnable);
    stuck.status_reason =
        Some("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - no instance has 900 vCPUs".to_owned());
    let freed = recorded().saw(stuck.clone()).settled().seen(JobStatus::Starting);
    let cases = vec![
        ("the record", created().claimed(0).accepted().told(0)),
        ("the start", recorded().seen(JobStatus::Running)),
        ("the start of a child", recorded().saw(children(&[("RUNNABLE", 2), ("RUNNING", 1)]))),
        ("the end", recorded().seen(JobStatus::Succeeded)),
        ("another attempt", recorded().seen(JobStatus::Running).settled().saw(tried_again())),
        ("an obstacle", recorded().saw(stuck)),
        ("an obstacle that went", freed),
        ("a changed spec", recorded().spec(json!({ "suspend": true })).changed().seen(JobStatus::Runnable)),
        ("a silent AWS", recorded().seen(JobStatus::Runnable).unread(-100, FaultKind::Denied)),
        ("a refusal", created().attempt(FaultKind::Refused, "no").told(0)),
    ];
    for (what, scene) in cases {
        let scene = scene.now(1);
        let plan = scene.plan();
        assert!(plan.status.is_some(), "{what}");
        assert_eq!(plan, Scene { told: None, ..scene }.plan(), "{what}");
    }
    let status = recorded().seen(JobStatus::Running).now(1).plan().status.unwrap();
    assert_eq!(status.phase, Some(Phase::Running));
}

#[test]
fn a_status_for_another_cause_carries_the_newest_state() {
    let scene = recorded().seen(JobStatus::Runnable).unread(-100, FaultKind::Denied).now(1);
    assert_eq!(written(&scene).as_deref(), Some("RUNNABLE"));
}

#[test]
fn a_deadline_that_passes_meanwhile_is_kept() {
    let limited = recorded().spec(json!({ "activeDeadlineSeconds": 3 })).seen(JobStatus::Runnable);
    let wake = limited.clone().now(1).plan().wake.unwrap();
    assert!(wake <= Duration::from_secs(3), "the deadline is earlier than the end of the wait: {wake:?}");
    let plan = limited.now(4).plan();
    assert!(plan.step != Step::Rest && plan.status.is_some(), "{:?}", plan.step);
}

/// What a process sees in each second.
type Sees = fn(Scene, i64) -> Scene;

/// Two processes without leader election. Each of them sees what the other one has written, every second. Returns how often
/// each of them writes within ten minutes.
fn writes_of_two(mut processes: Vec<Scene>, sees: [Sees; 2]) -> [usize; 2] {
    let mut writes = [0, 0];
    for second in 0..600 {
        for place in 0..2 {
            let scene = sees[place](processes[place].clone(), second).now(second);
            let Some(status) = scene.plan().status else { continue };
            writes[place] += 1;
            for process in &mut processes {
                process.object.status = Some(status.clone());
            }
            processes[place] = processes[place].clone().told(second);
        }
    }
    writes
}

#[test]
fn two_processes_that_see_different_things_do_not_write_over_each_other_without_end() {
    let holder = created().created_before(100).attempt(FaultKind::Unclear, "no answer");
    let in_doubt = vec![holder.clone(), holder.restarted(0)];
    let running = Scene { told: None, ..recorded().seen(JobStatus::Running).settled() };
    let running = vec![running.clone(), running];
    let searches: [Sees; 2] = [|s, now| s.looked(now, vec![]), Scene::look_failed];
    let failures: [Sees; 2] = [|s, now| s.look_failed_as(now, FaultKind::Denied), Scene::look_failed];
    let silence: [Sees; 2] =
        [|s, _| s.unread(-100, FaultKind::Denied), |s, _| s.unread(-90, FaultKind::Throttled)];
    let states: [Sees; 2] = [|s, _| s.seen(JobStatus::Runnable), |s, _| s.seen(JobStatus::Pending)];
    let cases = [
        ("one search fails", in_doubt.clone(), searches),
        ("both searches fail", in_doubt, failures),
        ("AWS answers no look at the job", running, silence),
        ("one sees an older state of the job", vec![recorded(), recorded()], states),
    ];
    for (what, processes, sees) in cases {
        let writes = writes_of_two(processes, sees);
        assert!(writes.iter().all(|writes| (1..=10).contains(writes)), "{what}: {writes:?} writes");
    }
}

#[test]
fn a_record_and_an_end_wait_for_no_other_writer() {
    for scene in [created().claimed(0).accepted(), recorded().seen(JobStatus::Succeeded)] {
        let scene = scene.now(1);
        assert_eq!(scene.clone().overwritten(1).plan(), scene.plan());
    }
}
