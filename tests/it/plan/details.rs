//! Single answers about the parts of a job, and about what a status keeps.

use aws_batch_operator::api::Phase;
use aws_batch_operator::job::{ArrayCounts, JobId, JobStatus};
use aws_batch_operator::plan::{Parent, Parts, Step, Turn};

use super::adoption::adopts;
use super::remote::{array, job, nodes, part, tried_again};
use super::scene::{JOB, Scene, condition, created};

fn submitted() -> Scene {
    created().submitted().now(80)
}

#[test]
fn only_an_array_that_failed_is_asked_for_its_children_and_only_once() {
    let id = JobId::new(JOB).unwrap();
    let failed = submitted().saw(array(JobStatus::Failed, 2));
    let plan = failed.plan();
    assert_eq!(plan.step, Step::ReadParts(Parts::FailedChildren(id.clone())));
    assert_eq!((plan.status, plan.follow), (None, Some(id)), "the end is told once it can be told whole");
    let read = failed.inspected(vec![0, 2], Some(part(":2"))).plan();
    assert_eq!((read.step, read.status.is_some()), (Step::RemoveFinalizer, true));
    for status in [JobStatus::Pending, JobStatus::Succeeded] {
        let step = submitted().saw(array(status, 0)).plan().step;
        assert!(!matches!(step, Step::ReadParts(_)), "{status:?}: {step:?}");
    }
}

#[test]
fn the_child_that_failed_first_tells_why_its_array_failed() {
    let failed = submitted().saw(array(JobStatus::Failed, 2));
    let status = failed.inspected(vec![0, 2], Some(part(":2"))).plan().status.unwrap();
    let shown = status.array.clone().unwrap();
    assert_eq!(shown.failed_indexes.as_deref(), Some("0,2"));
    let told = "Array Child Job failed; child 2: Essential container in task exited: OutOfMemoryError";
    assert_eq!(status.reason.as_deref(), Some(told));
    assert_eq!((status.exit_code, status.failed), (Some(1), Some(1)));
    assert_eq!(shown.status_summary.unwrap().get("FAILED"), Some(&2));
    assert_eq!(status.logs.unwrap().stream.as_deref(), Some("sleep60/default/0123"));
}

#[test]
fn an_end_is_told_even_if_its_parts_cannot_be_read() {
    let status = submitted().saw(array(JobStatus::Failed, 2)).inspection_failed().plan().status.unwrap();
    assert_eq!((status.phase, status.failed), (Some(Phase::Failed), Some(1)));
    assert_eq!(status.array.unwrap().failed_indexes, None);
}

#[test]
fn ten_thousand_failed_children_fit_in_four_kilobytes() {
    let mut parent = array(JobStatus::Failed, 3);
    parent.status_reason = Some("x".repeat(100_000));
    parent.array = Some(ArrayCounts {
        size: 10_000,
        summary: ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"]
            .map(|status| (status.to_owned(), 5_000))
            .into(),
    });
    let mut first = part(":1");
    first.status_reason = Some("y".repeat(100_000));
    first.current.log_stream = Some(format!("{}/default/{}", "d".repeat(200), "0".repeat(32)));
    let odd = (0..10_000).filter(|n| n % 2 == 1).collect();
    let status = submitted().saw(parent).inspected(odd, Some(first)).plan().status.unwrap();
    let indexes = status.array.clone().unwrap().failed_indexes.unwrap();
    assert!(indexes.starts_with("1,3,5,") && indexes.ends_with(",…"), "{indexes}");
    let bytes = serde_json::to_vec(&status).unwrap().len();
    assert!(bytes <= 4096, "{bytes}");
}

#[test]
fn the_main_node_tells_for_all() {
    let failed = submitted().saw(nodes(JobStatus::Failed));
    let (job, node) = (JobId::new(JOB).unwrap(), JobId::new(format!("{JOB}#0")).unwrap());
    assert_eq!(failed.plan().step, Step::ReadParts(Parts::MainNode { job, node }));
    let status = failed.inspected(vec![], Some(part("#0"))).plan().status.unwrap();
    assert_eq!((status.num_nodes, status.exit_code), (Some(4), Some(1)));
    let told = "node 0: Essential container in task exited: OutOfMemoryError";
    assert_eq!(status.reason.as_deref(), Some(told));
}

#[test]
fn what_keeps_a_job_from_running_is_a_condition_until_it_runs() {
    for (text, reason) in [
        ("MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE", "Misconfiguration"),
        ("CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - no room", "Capacity"),
        ("UNDETERMINED - Batch job is blocked, root cause is undetermined.", "Undetermined"),
        ("whatever AWS may say one day", "Undetermined"),
    ] {
        let mut stuck = job(JobStatus::Runnable);
        stuck.status_reason = Some(text.to_owned());
        let scene = submitted().saw(stuck);
        let plan = scene.plan();
        let status = plan.status.unwrap();
        assert_eq!(condition(&status, "Schedulable"), Some(("False", reason)));
        assert_eq!(status.reason.as_deref(), Some(text));
        assert_eq!((plan.notes.len(), plan.notes[0].is_warning), (1, true));
        let settled = scene.settled();
        assert_eq!(settled.plan().notes, [], "said once");
        let runs = settled.seen(JobStatus::Running).plan().status.unwrap();
        assert_eq!(condition(&runs, "Schedulable"), None);
    }
    let waits = submitted().seen(JobStatus::Runnable).plan().status.unwrap();
    assert_eq!(condition(&waits, "Schedulable"), None, "waiting alone is no trouble");
    let mut again = tried_again();
    again.status_reason = Some("Host EC2 (i-0) terminated.".to_owned());
    again.last_attempt.as_mut().unwrap().status_reason.clone_from(&again.status_reason);
    let again = submitted().saw(again).plan().status.unwrap();
    assert_eq!(condition(&again, "Schedulable"), None, "that is why the last attempt ended");
}

#[test]
fn a_job_that_its_queue_cancelled_says_so() {
    let mut ended = job(JobStatus::Failed);
    (ended.started_at, ended.attempts, ended.last_attempt) = (None, 0, None);
    let text = "Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY";
    ended.status_reason = Some(text.to_owned());
    let status = submitted().saw(ended).plan().status.unwrap();
    assert_eq!(condition(&status, "Failed"), Some(("True", "JobStateTimeLimit")));
    assert!(status.reason.unwrap().starts_with(text));
}

#[test]
fn a_parent_that_was_seen_and_is_gone_was_deleted() {
    let waits = created().after("early", Parent::Waiting).after("late", Parent::Missing);
    let text = waits.plan().status.unwrap().reason.unwrap();
    assert!(text.contains("BatchJob early") && text.contains("BatchJob late to be created"), "{text}");
    let later = waits.settled();
    assert!(later.plan().status.is_none(), "nothing new");
    let gone = later.clone().restarted(60).parent("early", Parent::Missing).plan().status.unwrap();
    assert_eq!(gone.phase, Some(Phase::Failed));
    assert_eq!(gone.reason.as_deref(), Some("dependsOn: BatchJob early was deleted"));
    let never_seen = later.parent("early", Parent::Succeeded).plan().status.unwrap();
    assert_eq!(condition(&never_seen, "Submitted"), Some(("False", "WaitingForDependencies")));
}

#[test]
fn a_parent_that_had_succeeded_may_go() {
    let scene = created().after("early", Parent::Succeeded).after("late", Parent::Missing).settled();
    let ready = scene.parent("early", Parent::Missing).parent("late", Parent::Succeeded);
    assert!(matches!(ready.clone().turn(Turn::Granted).plan().step, Step::Submit(_)));
    let recorded = ready.finalizer().accepted().plan().status.unwrap();
    assert_eq!(recorded.dependencies, None, "of no use once AWS has the job");
}

#[test]
fn a_record_of_two_hundred_dependencies_is_small() {
    let scene = (0..200).fold(created(), |scene, n| {
        let parent = if n % 2 == 0 { Parent::Succeeded } else { Parent::Missing };
        scene.after(&format!("parent-{n}"), parent)
    });
    let settled = scene.settled();
    let gone = (0..200).fold(settled.clone(), |scene, n| {
        let parent = if n % 2 == 0 { Parent::Missing } else { Parent::Succeeded };
        scene.parent(&format!("parent-{n}"), parent)
    });
    assert!(matches!(gone.turn(Turn::Granted).plan().step, Step::Submit(_)), "none is forgotten");
    let bytes = serde_json::to_vec(&settled.object.status).unwrap().len();
    assert!(bytes <= 4096, "{bytes}");
}

#[test]
fn a_job_vanishes_from_any_phase() {
    let phases = [JobStatus::Submitted, JobStatus::Runnable, JobStatus::Running]
        .map(|status| created().submitted().now(20).seen(status).settled());
    let adopted = adopts(JOB).seen(JobStatus::Running).finalizer().settled();
    let array = created().submitted().now(20).saw(array(JobStatus::Pending, 0)).settled();
    for scene in phases.into_iter().chain([created().submitted(), adopted, array]) {
        for scene in [scene.clone(), scene.deleted()] {
            let early = scene.clone().missing(30..=329).now(329).plan();
            assert_eq!(
                early.status.and_then(|status| status.phase).filter(|phase| *phase == Phase::Unknown),
                None
            );
            let late = scene.missing(30..=330).looked(331, vec![]).now(332).turn(Turn::Granted).plan();
            assert_eq!(late.status.as_ref().unwrap().phase, Some(Phase::Unknown), "{late:#?}");
            assert_eq!((late.step, late.follow), (Step::RemoveFinalizer, None));
        }
    }
}

#[test]
fn a_log_in_another_region_is_read_there() {
    let mut abroad = job(JobStatus::Failed);
    abroad.current.log_region = Some("cn-north-1".to_owned());
    let url = submitted().saw(abroad).plan().status.unwrap().logs.unwrap().url.unwrap();
    let expected = "https://console.amazonaws.cn/cloudwatch/home?region=cn-north-1#";
    assert!(url.starts_with(expected), "{url}");
}

#[test]
fn a_job_without_a_stream_tells_of_no_log() {
    let mut on_eks = job(JobStatus::Failed);
    on_eks.current.log_stream = None;
    on_eks.last_attempt = None;
    let status = submitted().saw(on_eks).plan().status.unwrap();
    assert_eq!((status.logs, status.console_url.is_some()), (None, true));
}

#[test]
fn a_read_that_goes_back_shows_no_exit_code_of_a_job_that_runs() {
    let read = submitted().saw(nodes(JobStatus::Failed)).inspected(vec![], Some(part("#0")));
    assert_eq!(read.plan().status.unwrap().exit_code, Some(1));
    assert_eq!(read.saw(nodes(JobStatus::Running)).plan().status.unwrap().exit_code, None);
}
