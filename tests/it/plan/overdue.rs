//! `submitDeadlineSeconds`: an object that AWS has no job of is given up, and never one that may have a job.

use aws_batch_operator::api::Phase;
use aws_batch_operator::job::{FaultKind, JobStatus};
use aws_batch_operator::plan::{Parent, Step, Turn};
use serde_json::json;

use super::remote::job;
use super::scene::{EARLIER, JOB, Scene, UID, condition, created};

/// The deadline, and a time after it.
const DEADLINE: i64 = 900;
const OVER: i64 = 901;

fn limited() -> Scene {
    created().spec(json!({ "submitDeadlineSeconds": DEADLINE }))
}

fn is_given_up(scene: &Scene) -> bool {
    let status = scene.plan().status;
    let told = status.as_ref().and_then(|status| condition(status, "Failed"));
    told == Some(("True", "SubmitDeadlineExceeded"))
}

#[test]
fn whatever_keeps_it_from_aws_it_is_given_up_in_time_and_says_what_that_was() {
    let refused = limited().answered(FaultKind::Refused, "JobQueue q not found").now(2);
    let waiting: [(Scene, &str); 5] = [
        (refused.clone().settled(), "JobQueue q not found"),
        (refused.settled().restarted(60), "JobQueue q not found"),
        (limited().attempt(FaultKind::Denied, "not authorized").now(2).settled(), "not authorized"),
        (limited().after("prepare", Parent::Missing).settled(), "BatchJob prepare"),
        (limited().turn(Turn::Waiting), "creation"),
    ];
    for (scene, cause) in waiting {
        let before = scene.clone().now(DEADLINE - 1);
        assert!(!is_given_up(&before), "{cause}");
        assert!(before.plan().wake.is_some_and(|wake| wake.as_secs() <= 1), "it wakes for it: {cause}");
        assert!(is_given_up(&scene.clone().now(OVER)), "{cause}");
        let plan = scene.clone().now(OVER).plan();
        let status = plan.status.unwrap();
        assert!(status.reason.as_ref().unwrap().contains(cause), "{:?}", status.reason);
        assert_eq!((status.phase, status.failed), (Some(Phase::Failed), Some(1)));
        assert!(matches!(plan.step, Step::RemoveFinalizer | Step::Rest), "{:?}", plan.step);
        assert!(!scene.settled().now(OVER).settled().turn(Turn::Granted).plan().keeps_turn(), "it is final");
    }
}

#[test]
fn where_the_queue_is_gone_it_is_not_said_that_there_is_no_job() {
    let reason = |scene: &Scene| scene.plan().status.unwrap().reason.unwrap();
    // As a restore leaves it: old, and without a trace of a request.
    let restored = limited().created_before(OVER);
    let gone = restored.clone().looks_refused([-200, -1]);
    assert!(is_given_up(&gone));
    assert!(reason(&gone).starts_with("No job of it is known, and AWS lets nobody look for one, 900 s"));
    assert!(reason(&restored.looked(0, vec![])).starts_with("AWS has no job of it 900 s"));
}

#[test]
fn what_may_have_a_job_is_looked_for_first() {
    let unclear = limited().answered(FaultKind::Unclear, "500").now(OVER);
    let crashed = limited().claim_of(EARLIER, UID, 0).restarted(OVER);
    let old = limited().created_before(OVER);
    for doubtful in [unclear.clone(), crashed.clone(), old.clone()] {
        assert!(matches!(doubtful.plan().step, Step::SearchByName(_)), "{:?}", doubtful.plan());
        assert!(!is_given_up(&doubtful.clone().look_failed(doubtful.now).now(doubtful.now + 1)));
        let found = doubtful.clone().looked(doubtful.now, vec![job(JobStatus::Running)]).plan();
        assert_eq!(found.status.unwrap().job_id.as_deref(), Some(JOB));
        assert!(is_given_up(&doubtful.clone().looked(doubtful.now, vec![]).now(doubtful.now + 1)));
    }
    assert!(!is_given_up(&limited().answered(FaultKind::Unclear, "500").looked(2, vec![]).now(3)));
}

#[test]
fn it_counts_from_the_last_resume_whatever_is_written_in_between() {
    let suspended = limited().spec(json!({ "suspend": true })).settled().now(OVER);
    assert!(!is_given_up(&suspended), "it is held back");
    let resumed = suspended.clone().spec(json!({ "suspend": false }));
    let plan = resumed.plan();
    assert_eq!(plan.step, Step::TakeTurn);
    let status = plan.status.unwrap();
    assert_eq!(condition(&status, "Suspended"), Some(("False", "Resumed")));
    assert_eq!(condition(&status, "Reconciling"), Some(("True", "Resumed")), "no tool takes it for done");
    let told = resumed.settled();
    assert_eq!(told.plan().status, None, "once");
    let refused = told.clone().attempt(FaultKind::Refused, "no such queue").now(OVER + 2).settled();
    for scene in [told, refused] {
        assert!(!is_given_up(&scene.clone().now(OVER + DEADLINE - 1)));
        assert!(is_given_up(&scene.now(OVER + DEADLINE + 1)));
    }
    let again = suspended.spec(json!({ "suspend": false })).settled().spec(json!({ "suspend": true }));
    assert!(!is_given_up(&again.now(9_999)));
}

#[test]
fn the_time_of_the_resume_costs_no_write_where_nobody_asks_for_it() {
    let resumed = created().spec(json!({ "suspend": true })).settled().spec(json!({ "suspend": false }));
    assert_eq!(resumed.plan().status, None);
}

#[test]
fn an_adoption_is_given_up_only_after_a_look() {
    let adopts = limited().annotation("awsbatch.dev/adopt", JOB).now(OVER);
    assert!(!is_given_up(&adopts), "nobody has looked");
    assert!(is_given_up(&adopts.clone().missing(0..=OVER)));
    assert_eq!(adopts.clone().missing(0..=OVER).plan().follow, None);
    let runs = adopts.seen(JobStatus::Running).finalizer();
    assert_eq!(runs.plan().status.unwrap().job_id.as_deref(), Some(JOB), "it has a job");
    assert!(is_given_up(&limited().annotation("awsbatch.dev/adopt", "my job").now(OVER)));
}

#[test]
fn a_job_that_aws_has_is_none_of_its_business() {
    let submitted = limited().submitted().now(OVER);
    for scene in [submitted.clone(), submitted.clone().seen(JobStatus::Runnable), submitted.missing(18..=18)]
    {
        assert!(!is_given_up(&scene));
    }
}
