//! Objects that wait, for their suspension or for another object, with something behind them that nobody has recorded.

use aws_batch_operator::api::{BatchJobStatus, JobTarget, Phase, SubmissionOutcome};
use aws_batch_operator::job::{FaultKind, Found, JobStatus};
use aws_batch_operator::plan::{Parent, Step, Turn};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;
use serde_json::json;

use super::remote::job;
use super::scene::{EARLIER, Scene, UID, created};

const HOUR: i64 = 3600;

/// Created an hour before this process saw it first, and held back.
fn old_and_suspended() -> Scene {
    created().created_before(HOUR).spec(json!({ "suspend": true })).settled()
}

/// Whether it asks, and whether something waits for the answer.
fn asks(scene: &Scene) -> Option<bool> {
    match scene.plan().step {
        Step::SearchByName(question) => Some(question.is_urgent),
        _ => None,
    }
}

#[test]
fn an_old_object_that_waits_is_looked_for_once_when_nobody_else_looks() {
    let suspended = old_and_suspended();
    let for_another = created().created_before(HOUR).after("extract", Parent::Missing).settled();
    for scene in [suspended, for_another] {
        assert_eq!(asks(&scene), Some(false));
        let none = scene.clone().looked(1, vec![]);
        assert_eq!((none.plan().step, none.plan().status), (Step::Rest, None));
        let found = scene.looked(1, vec![job(JobStatus::Running)]).finalizer().plan();
        assert_eq!(found.status.unwrap().phase, Some(Phase::Running));
        assert!(found.follow.is_some());
    }
    assert_eq!(asks(&created().spec(json!({ "suspend": true }))), None, "a new one has no past");
}

#[test]
fn a_look_in_idle_time_that_fails_is_made_again_and_soon_where_aws_refused_nothing() {
    let cases = [
        (FaultKind::Denied, 600),
        (FaultKind::Refused, 600),
        (FaultKind::Throttled, 60),
        (FaultKind::Unclear, 60),
    ];
    for (kind, pause) in cases {
        let failed = old_and_suspended().look_failed_as(0, kind);
        let plan = failed.clone().now(20).plan();
        let left = plan.wake.unwrap().as_secs().cast_signed();
        assert_eq!((plan.step, left), (Step::Rest, pause - 20), "{kind:?}");
        assert_eq!(plan.status, None, "it waits as before");
        assert_eq!(asks(&failed.now(pause)), Some(false), "{kind:?}");
    }
}

#[test]
fn a_job_that_was_not_found_in_time_is_not_unknown_a_day_later() {
    let lost = created().attempt(FaultKind::Unclear, "no answer").now(500);
    let suspended = lost.spec(json!({ "suspend": true })).looked(500, vec![]).settled();
    let submission = suspended.object.status.as_ref().unwrap().submission.clone().unwrap();
    assert_eq!(submission.outcome, SubmissionOutcome::NotFound);
    let later = suspended.restarted(30 * HOUR);
    assert_eq!(asks(&later), Some(true), "a doubt stays a doubt, and is looked up again");
    let resumed = later.spec(json!({ "suspend": false })).looked(30 * HOUR, vec![]);
    assert_eq!(resumed.plan().step, Step::TakeTurn);
}

#[test]
fn without_a_look_in_time_it_is_unknown() {
    let lost = created().claim_of(EARLIER, UID, 0).restarted(30 * HOUR).looked(30 * HOUR, vec![]);
    assert_eq!(lost.plan().status.unwrap().phase, Some(Phase::Unknown));
}

#[test]
fn the_second_send_after_a_suspension_is_looked_after() {
    let lost = created().attempt(FaultKind::Unclear, "no answer").now(500);
    let suspended = lost.spec(json!({ "suspend": true })).looked(500, vec![]).settled().restarted(600);
    let resumed = suspended.spec(json!({ "suspend": false })).looked(600, vec![]);
    let Step::Submit(submit) = resumed.turn(Turn::Granted).plan().step else {
        panic!("it is sent");
    };
    assert!(submit.claim.again);
}

#[test]
fn a_status_tells_where_a_request_went_whose_claim_was_taken_away() {
    let lost = created().attempt(FaultKind::Unclear, "no answer").looked(2, vec![]).now(2).settled();
    let moved = lost.replaced().region("eu-west-1").restarted(60).looked(HOUR, vec![]).now(HOUR);
    assert_eq!(moved.plan().step, Step::AddFinalizer, "its finalizer comes back first");
    let plan = moved.finalizer().plan();
    assert_eq!(plan.step, Step::Rest);
    let status = plan.status.unwrap();
    assert!(status.conditions.iter().any(|condition| condition.reason == "TargetMismatch"), "{status:?}");
}

#[test]
fn a_refused_request_binds_to_no_place() {
    let lost = created().attempt(FaultKind::Unclear, "no answer").looked(2, vec![]).now(2).settled();
    assert!(lost.object.status.as_ref().unwrap().target.is_some());
    let refused = lost.answered(FaultKind::Refused, "no such queue").settled();
    assert_eq!(refused.object.status.as_ref().unwrap().target, None);
}

#[test]
fn a_search_for_an_object_of_another_region_binds_to_no_place() {
    let moved =
        refused_long_ago(FaultKind::NotSent).region("eu-west-1").looks_refused([HOUR + 60, HOUR + 90]);
    let told = moved.now(HOUR + 100).turn(Turn::Granted).settled();
    assert_eq!(told.plan().status, None);
    let status = told.look_failed_as(HOUR + 200, FaultKind::Throttled).now(HOUR + 200).plan().status.unwrap();
    assert_eq!((status.phase, status.target), (Some(Phase::Pending), None));
}

#[test]
fn a_job_that_aws_has_just_accepted_is_where_its_claim_says_whatever_an_earlier_status_says() {
    let mut scene = created().claimed(0).accepted();
    let region = "eu-west-1".to_owned();
    scene.object.status = Some(BatchJobStatus {
        target: Some(JobTarget { account_id: None, region }),
        ..BatchJobStatus::default()
    });
    let plan = scene.plan();
    assert_eq!((plan.status.unwrap().phase, plan.follow.is_some()), (Some(Phase::Submitted), true));
}

#[test]
fn two_processes_in_doubt_do_not_write_over_each_other() {
    let own = created().attempt(FaultKind::Unclear, "no answer").looked(2, vec![]).now(2).settled();
    let other = own.restarted(3).looked(3, vec![]);
    assert_eq!(other.plan().status, None, "the holder of the claim has the word");
    let failed = other.look_failed(3).plan();
    assert!(failed.status.is_some(), "what is news is told");
}

/// Refused an hour ago by an earlier process; this one has just started.
fn refused_long_ago(kind: FaultKind) -> Scene {
    created().created_before(HOUR).answered(kind, "no").settled().restarted(HOUR)
}

#[test]
fn an_old_object_that_was_refused_may_have_been_restored_behind_its_submission() {
    let scene = refused_long_ago(FaultKind::Throttled).turn(Turn::Granted).now(2 * HOUR);
    assert_eq!(asks(&scene), Some(true), "a look comes before the next send");
    let found = scene.clone().looked(2 * HOUR, vec![job(JobStatus::Running)]).plan();
    assert_eq!(found.status.unwrap().phase, Some(Phase::Running));
    assert!(matches!(scene.looked(2 * HOUR, vec![]).plan().step, Step::Submit(_)));
}

#[test]
fn a_restart_changes_nothing_of_what_a_refused_object_is_told_but_that_its_queue_is_gone() {
    for kind in [FaultKind::Refused, FaultKind::Denied, FaultKind::Throttled] {
        for failure in [FaultKind::Refused, FaultKind::Denied, FaultKind::Unclear] {
            let scene = refused_long_ago(kind).now(2 * HOUR).look_failed_as(2 * HOUR, failure);
            // A queue that is gone is news to whoever waits for a permission.
            let is_news = failure == FaultKind::Refused && kind != FaultKind::Refused;
            assert_eq!(scene.plan().status.is_some(), is_news, "{kind:?}, and then {failure:?}");
        }
    }
}

#[test]
fn a_queue_that_was_never_there_keeps_no_deleted_object() {
    let scene = refused_long_ago(FaultKind::Refused).look_failed_as(HOUR, FaultKind::Refused);
    assert_eq!(scene.deleted().plan().step, Step::RemoveFinalizer, "it goes at once");
}

/// Old when this process saw it, with its turn to submit, and AWS has refused searches at these times.
fn hidden(searches: [i64; 2]) -> Scene {
    created().created_before(HOUR).turn(Turn::Granted).looks_refused(searches).now(searches[1] + 1)
}

#[test]
fn a_refused_search_never_lets_an_old_object_submit_as_its_queue_may_exist_again_meanwhile() {
    let told =
        [FaultKind::Refused, FaultKind::Throttled].map(|kind| refused_long_ago(kind).turn(Turn::Granted));
    let [refused, throttled] =
        told.map(|scene| scene.looks_refused([HOUR + 600, HOUR + 899]).now(HOUR + 900));
    for scene in [hidden([1, 2]), hidden([1, 1000]), refused, throttled] {
        let plan = scene.plan();
        assert_eq!((&plan.step, plan.queue.as_deref()), (&Step::Rest, Some("HighPriority")));
        assert!(plan.wake.is_some());
        let now = scene.now;
        assert!(matches!(scene.looked(now, vec![]).plan().step, Step::Submit(_)), "an answer settles it");
    }
}

#[test]
fn an_object_whose_search_is_refused_says_so_and_not_that_aws_refused_the_job() {
    let status = hidden([1, 2]).plan().status.unwrap();
    assert_eq!((status.phase, status.target), (Some(Phase::Pending), None));
    let condition = |kind| status.conditions.iter().find(|condition| condition.type_ == kind).unwrap();
    assert_eq!(
        (condition("Stalled").status.as_str(), condition("Stalled").reason.as_str()),
        ("True", "Refused")
    );
    let Condition { reason, message, .. } = condition("Submitted");
    assert_eq!(reason, "Searching");
    assert!(message.starts_with("AWS refused ListJobs in Region us-east-1: Too Many Requests."), "{message}");
}

#[test]
fn an_object_that_is_resumed_after_a_refusal_is_not_told_that_it_is_held_back() {
    let suspended = refused_long_ago(FaultKind::NotSent).spec(json!({ "suspend": true })).settled();
    let resumed = suspended.spec(json!({ "suspend": false })).now(2 * HOUR);
    for failure in [FaultKind::Refused, FaultKind::Throttled] {
        let status = resumed.clone().look_failed_as(2 * HOUR, failure).plan().status.unwrap();
        assert_eq!(status.phase, Some(Phase::Pending), "{failure:?}");
    }
}

#[test]
fn refused_searches_follow_each_other_with_growing_pauses_or_when_the_queue_takes_jobs() {
    let scene = hidden([0, 200]);
    assert_eq!(asks(&scene.clone().now(399)), None, "it was refused for 200 s");
    assert_eq!(asks(&scene.clone().now(401)), Some(true));
    assert_eq!(asks(&scene.clone().queue_opened(201).now(202)), Some(true));
    assert_eq!(asks(&scene.clone().queue_opened(199).now(202)), None, "the search is younger");
    let closed = scene.queue_seen(150, false);
    assert_eq!(asks(&closed.clone().now(2900)), None, "the probe of the queue wakes it");
    assert_eq!(asks(&closed.now(3801)), Some(true));
}

#[test]
fn a_lost_answer_of_an_old_object_is_waited_for_from_the_request_on() {
    let mut lost = created().created_before(72 * HOUR).attempt(FaultKind::Unclear, "no answer");
    lost.first_seen = -48 * HOUR;
    let undescribed = Found { undescribed: 1, ..Found::default() };
    let soon = lost.clone().found(2, undescribed.clone()).now(2).plan();
    assert_eq!((soon.step, soon.wake.map(|wake| wake.as_secs())), (Step::Rest, Some(2)));
    let later = lost.found(500, undescribed).now(500).plan();
    assert_eq!(later.step, Step::Rest, "AWS lists a job that it does not describe yet");
}
