//! A queue deadline and a cancellation are about the first start of a job, and about nothing after it.

use aws_batch_operator::api::Phase;
use aws_batch_operator::job::{EndKind, JobId, JobStatus, RemoteJob};
use aws_batch_operator::plan::{Plan, Step};
use serde_json::json;

use super::remote::{array, children, job, tried_again};
use super::scene::{JOB, Scene, condition, created};

/// So long after the submission the queue deadline is over.
const OVER: i64 = 40;

fn hurried() -> Scene {
    created().submitted().spec(json!({ "queueDeadlineSeconds": 30 })).now(OVER)
}

fn cancelled_on_deletion() -> Scene {
    created().submitted().spec(json!({ "deletionPolicy": "Cancel" })).now(OVER).deleted()
}

fn kind_of_end(plan: &Plan) -> Option<EndKind> {
    match plan.step {
        Step::EndJobs { kind, .. } => Some(kind),
        _ => None,
    }
}

/// Every way in which a job may have started.
fn begun() -> Vec<RemoteJob> {
    let mut between = job(JobStatus::Runnable);
    between.attempts = 1;
    let states = [JobStatus::Starting, JobStatus::Running];
    let arrays = [("STARTING", 1), ("RUNNING", 2), ("SUCCEEDED", 1), ("FAILED", 1)];
    let arrays = arrays.map(|(state, number)| children(&[("RUNNABLE", 3 - number), (state, number)]));
    states.map(job).into_iter().chain([tried_again(), between]).chain(arrays).collect()
}

#[test]
fn what_has_started_is_cancelled_neither_for_a_queue_deadline_nor_for_a_deletion() {
    for started in begun() {
        for scene in [hurried(), cancelled_on_deletion()] {
            let waiting = RemoteJob {
                array: started.array.as_ref().map(|_| children(&[]).array.unwrap()),
                ..job(JobStatus::Runnable)
            };
            let seen = scene.clone().saw(started.clone());
            assert_eq!(seen.plan().step, Step::Rest, "the tracker has seen it: {started:?}");
            let looked = scene.clone().saw(waiting.clone()).glanced(OVER, Some(started.clone()));
            assert_eq!(looked.plan().step, Step::Rest, "the look made for it shows it: {started:?}");
            let restarted = seen.settled().restarted(OVER + 1).saw(waiting);
            assert_eq!(restarted.plan().step, Step::Rest, "the status tells of it: {started:?}");
        }
    }
}

#[test]
fn what_has_not_started_is_looked_at_and_then_cancelled_and_never_terminated() {
    for scene in [hurried(), cancelled_on_deletion()] {
        let waits = scene.seen(JobStatus::Runnable);
        assert_eq!(waits.plan().step, Step::Look(JobId::new(JOB).unwrap()));
        let looked = waits.clone().glanced(OVER, Some(job(JobStatus::Runnable)));
        assert_eq!(kind_of_end(&looked.plan()), Some(EndKind::Cancel));
        let old = looked.now(OVER + 10).plan();
        assert_eq!(old.step, Step::Look(JobId::new(JOB).unwrap()), "an old look says nothing of now");
        for silent in [waits.clone().glanced(OVER, None), waits.clone().glance_failed(OVER)] {
            let plan = silent.now(OVER + 1).plan();
            assert_eq!((plan.step, plan.wake.map(|wake| wake.as_secs())), (Step::Rest, Some(9)));
        }
        let asked = waits.asked(EndKind::Cancel, OVER, None).now(OVER + 20);
        assert_eq!(asked.plan().step, Step::Rest, "AWS has the time to do it");
        assert!(matches!(asked.now(OVER + 61).plan().step, Step::Look(_)), "each request has its look");
    }
}

#[test]
fn a_deadline_for_the_end_ends_what_waits_too() {
    let both = hurried().spec(json!({ "queueDeadlineSeconds": 30, "activeDeadlineSeconds": 35 }));
    assert_eq!(kind_of_end(&both.seen(JobStatus::Runnable).plan()), Some(EndKind::Terminate));
    let sooner = hurried().spec(json!({ "queueDeadlineSeconds": 30, "activeDeadlineSeconds": 45 }));
    let plan = sooner.seen(JobStatus::Runnable).glance_failed(OVER).plan();
    assert!(plan.wake.is_some_and(|wake| wake.as_secs() <= 6), "{:?}", plan.wake);
}

#[test]
fn a_job_that_was_cancelled_in_the_queue_says_which_deadline_it_missed() {
    let ended = |job: RemoteJob| RemoteJob { is_cancelled: true, started_at: None, attempts: 0, ..job };
    for ended in [ended(job(JobStatus::Failed)), ended(array(JobStatus::Failed, 3))] {
        let status = hurried().saw(ended).inspected(vec![0, 1, 2], None).now(80).plan().status.unwrap();
        assert_eq!(condition(&status, "Failed"), Some(("True", "QueueDeadlineExceeded")));
        assert_eq!(condition(&status, "Finished"), Some(("True", "QueueDeadlineExceeded")));
    }
}

#[test]
fn a_single_job_is_submitted_again_between_two_attempts_and_an_array_runs_on() {
    let phase = |scene: &Scene| scene.plan().status.unwrap().phase;
    let single = created().submitted().now(20).seen(JobStatus::Running).settled().saw(tried_again());
    assert_eq!(phase(&single), Some(Phase::Submitted));
    let runs = created().submitted().now(20).saw(children(&[("RUNNING", 3)])).settled();
    assert_eq!(phase(&runs.saw(children(&[("RUNNABLE", 3)]))), Some(Phase::Running));
}
