//! What the protocol believes of earlier submissions, and for how long.

use aws_batch_operator::job::{FaultKind, JobStatus};
use aws_batch_operator::plan::{Plan, Step, Turn, Urgency};
use jiff::SignedDuration;
use serde_json::json;

use super::remote::job;
use super::scene::{EARLIER, Scene, UID, at, created};

fn reason(plan: &Plan) -> &str {
    let status = plan.status.as_ref().unwrap();
    &status.conditions.iter().find(|condition| condition.type_ == "Submitted").unwrap().reason
}

/// Old when it was first seen, and it waited for more than a day since.
fn waited() -> Scene {
    created().created_before(600).now(25 * 3600)
}

#[test]
fn an_object_that_only_waited_is_submitted_after_days() {
    for policy in ["EffectivelyOnce", "AtMostOnce"] {
        let resumed = waited().spec(json!({ "submissionPolicy": policy }));
        assert!(matches!(resumed.plan().step, Step::SearchByName(_)), "a restore may have brought it back");
        let looked = resumed.looked(25 * 3600, vec![]);
        assert_eq!((looked.plan().step, looked.plan().status), (Step::TakeTurn, None), "{policy}");
    }
}

#[test]
fn an_age_leaves_no_trace_of_a_request() {
    let failing = waited().spec(json!({ "submissionPolicy": "AtMostOnce" })).look_failed(25 * 3600);
    assert_eq!(reason(&failing.plan()), "Searching");
    let later = failing.settled().restarted(26 * 3600).looked(26 * 3600, vec![]);
    assert_eq!(later.plan().step, Step::TakeTurn, "{:?}", later.plan().status);
}

#[test]
fn a_refusal_outlives_the_process_that_was_told() {
    let refused = created().answered(FaultKind::Refused, "JobQueue q not found").now(2).settled();
    let submission = refused.object.status.clone().unwrap().submission.unwrap();
    assert_eq!((submission.claimed_at, submission.attempts), (at(0), 1));
    let after = refused.restarted(60);
    let plan = after.plan();
    assert_eq!((plan.step, plan.status), (Step::Rest, None), "no doubt, no look, no news");
    assert!(plan.wake.is_some_and(|wake| wake.as_secs() <= 5), "{:?}", plan.wake);
    assert_eq!(after.clone().now(66).plan().step, Step::TakeTurn, "it is sent again as before");
    assert_eq!(after.deleted().plan().step, Step::RemoveFinalizer, "it goes at once when it is deleted");
}

#[test]
fn the_record_of_a_job_waits_for_no_other_write_and_every_other_status_does() {
    let accepted = created().claimed(0).accepted();
    let found = created().claim_of(EARLIER, UID, 0).restarted(50).now(60);
    let found = found.looked(60, vec![job(JobStatus::Running)]);
    for record in [&accepted, &found] {
        let plan = record.plan();
        assert!(plan.status.unwrap().job_id.is_some());
        assert_eq!(plan.urgency, Urgency::AtOnce);
    }
    let running = accepted.settled().now(20).seen(JobStatus::Running);
    let refused = created().answered(FaultKind::Refused, "no such queue").now(2);
    for later in [running, refused, created().spec(json!({ "suspend": true }))] {
        let plan = later.plan();
        assert!(plan.status.is_some());
        assert_eq!(plan.urgency, Urgency::Waits);
    }
}

#[test]
fn the_pauses_go_on_growing_after_a_restart() {
    let mut refused = created().answered(FaultKind::Refused, "JobQueue q not found").now(2).settled();
    refused.object.status.as_mut().unwrap().submission.as_mut().unwrap().attempts = 6;
    let submit = refused.restarted(60).now(9_999).turn(Turn::Granted).plan().step;
    let Step::Submit(submit) = submit else { panic!("{submit:?}") };
    assert_eq!(submit.tries, 6);
}

#[test]
fn a_claim_that_a_refusal_is_not_about_is_in_doubt() {
    let refused = created().answered(FaultKind::Refused, "JobQueue q not found").now(2).settled();
    let claimed_since = refused.claim_of(EARLIER, UID, 30).restarted(60);
    assert!(matches!(claimed_since.plan().step, Step::SearchByName(_)));
}

#[test]
fn a_claim_that_was_taken_away_is_believed_lost() {
    let unclear = created().spec(json!({ "submissionPolicy": "AtMostOnce" }));
    let unclear = unclear.attempt(FaultKind::Unclear, "timed out").looked(2, vec![]).now(3).settled();
    let from_memory = unclear.clone().replaced();
    let from_status = unclear.replaced().restarted(60).now(61);
    for scene in [from_memory, from_status] {
        assert_ne!(scene.clone().turn(Turn::Granted).plan().step, Step::TakeTurn);
        let free = scene.looked(600, vec![]).now(601).turn(Turn::Granted).plan();
        assert_eq!(free.status.unwrap().phase.map(|phase| format!("{phase:?}")).as_deref(), Some("Unknown"));
    }
}

/// Another replica may have claimed since, and its claim is the one that was taken away.
#[test]
fn a_refusal_of_its_own_proves_nothing_once_the_claim_is_gone() {
    let refused = created().answered(FaultKind::Refused, "no such queue").now(60).settled();
    assert_eq!(refused.clone().deleted().plan().step, Step::RemoveFinalizer);
    let replaced = refused.replaced();
    assert_eq!(replaced.plan().step, Step::AddFinalizer);
    let replaced = replaced.finalizer();
    for scene in [replaced.clone(), replaced.clone().deleted()] {
        assert!(matches!(scene.plan().step, Step::SearchByName(_)), "{:?}", scene.plan().step);
    }
    let decides = |at| replaced.clone().looked(at, vec![]).now(at).plan().step == Step::TakeTurn;
    assert!(!decides(60 + 419) && decides(60 + 420), "counted from when the claim was seen to be gone");
}

#[test]
fn the_record_about_the_present_claim_is_not_overwritten_by_an_older_one() {
    let mut scene = created().answered(FaultKind::Refused, "no such queue").now(2).settled();
    scene = scene.claim_of("operator-1_run-1", UID, 30).now(3);
    let submission = scene.object.status.as_mut().unwrap().submission.as_mut().unwrap();
    (submission.claimed_at, submission.claimed_by) = (at(30), "operator-1_run-1".to_owned());
    let status = scene.plan().status.or(scene.object.status).unwrap();
    assert_eq!(status.submission.unwrap().claimed_at, at(30));
}

/// AWS, or something that passes for it, may refuse one look beside a job that runs.
#[test]
fn a_look_that_is_refused_once_lets_no_deleted_object_go() {
    let deleted = || created().attempt(FaultKind::Unclear, "timed out").deleted();
    for at in [421, 3_600, 80_000] {
        let once = deleted().look_failed_as(at, FaultKind::Refused).now(at);
        assert_ne!(once.plan().step, Step::RemoveFinalizer, "{at}");
        let between = deleted().look_failed_as(at - 300, FaultKind::Refused);
        let between =
            between.look_failed_as(at - 200, FaultKind::Unclear).look_failed_as(at, FaultKind::Refused);
        assert_ne!(between.now(at).plan().step, Step::RemoveFinalizer, "{at}: not refused in a row");
        assert_eq!(
            deleted().looks_refused([at - 120, at]).now(at).plan().step,
            Step::RemoveFinalizer,
            "{at}"
        );
    }
}

#[test]
fn a_live_jobs_object_gets_its_finalizer_back() {
    let running = created().submitted().now(20).seen(JobStatus::Running).settled().replaced();
    assert_eq!(running.plan().step, Step::AddFinalizer);
    assert!(running.plan().follow.is_some());
    assert_eq!(running.clone().finalizer().plan().step, Step::Rest);
    let ended = running.seen(JobStatus::Succeeded);
    assert_eq!(ended.plan().step, Step::Rest, "an ended job needs none");
    assert_eq!(
        created().submitted().replaced().plan().step,
        Step::AddFinalizer,
        "before anybody has looked at the job"
    );
    let untold = created().accepted().plan();
    assert_eq!((untold.step, untold.status), (Step::AddFinalizer, None), "no status comes before it");
}

#[test]
fn a_request_without_an_answer_may_arrive_as_long_as_its_signature_is_good() {
    let unclear = || created().attempt(FaultKind::Unclear, "timed out").turn(Turn::Waiting);
    let decides = |seconds| unclear().looked(seconds, vec![]).now(seconds).plan().step == Step::TakeTurn;
    assert!(!decides(62) && !decides(419) && decides(420));
    let answered = created().answered(FaultKind::Unclear, "500").looked(61, vec![]).now(61);
    assert_eq!(answered.plan().step, Step::TakeTurn, "AWS has answered: nothing is on its way");
}

#[test]
fn a_wall_clock_that_steps_cuts_no_wait_short() {
    let answered = || created().answered(FaultKind::Unclear, "500");
    for seconds in [68, -68] {
        let early = answered().stepped(seconds).looked(20, vec![]).now(21);
        assert_ne!(early.plan().step, Step::TakeTurn, "{seconds}");
        let free = answered().stepped(seconds).looked(61, vec![]).now(61);
        assert_eq!(free.plan().step, Step::TakeTurn, "{seconds}");
    }
}

#[test]
fn a_job_vanishes_by_evidence_only() {
    let missing = |looks| created().submitted().now(400).missing(looks);
    assert!(matches!(missing(20..=320).plan().step, Step::SearchByName(_)));
    let reason = |scene: Scene| Some(scene.plan().status?.phase.map(|phase| format!("{phase:?}")));
    assert_eq!(reason(missing(20..=320).looked(100, vec![])), None, "a look from before proves nothing");
    for kind in [FaultKind::Refused, FaultKind::Denied, FaultKind::Unclear] {
        let failed = missing(20..=320).look_failed_as(390, kind);
        let status = failed.plan().status.unwrap();
        let observed = status.conditions.iter().find(|condition| condition.type_ == "Observed").unwrap();
        assert_eq!((observed.status.as_str(), status.phase), ("False", failed.object.status.unwrap().phase));
    }
    let gone = missing(20..=320).looked(390, vec![]);
    assert_eq!(reason(gone), Some(Some("Unknown".to_owned())));
}

#[test]
fn an_operator_in_another_place_touches_nothing_and_says_so_once() {
    let running = || created().submitted().now(20).seen(JobStatus::Running).settled();
    let moved: [fn(Scene) -> Scene; 2] = [|s| s.region("eu-west-1"), |s| s.account(Some("999999999999"))];
    for moved in moved {
        let plan = moved(running()).plan();
        assert_eq!((plan.step, plan.follow), (Step::Rest, None));
        let text = plan.status.unwrap().reason.unwrap();
        assert!(text.contains("123456789012") && text.contains("us-east-1"), "{text}");
        let later = moved(running()).settled().now(99_999).missing(0..=9_999).looked(99_999, vec![]);
        assert_eq!((later.plan().step, later.plan().status), (Step::Rest, None));
        let deleted = moved(running()).settled().deleted();
        assert_eq!(deleted.plan().step, Step::Rest);
        assert!(deleted.plan().status.unwrap().reason.unwrap().contains("kubectl patch bj example"));
        let retained = deleted.spec(json!({ "deletionPolicy": "Retain" }));
        assert_eq!(retained.plan().step, Step::RemoveFinalizer);
    }
    let back = moved[0](running()).settled().region("us-east-1").plan();
    assert!(back.status.unwrap().conditions.iter().all(|condition| condition.type_ != "Observed"));
}

#[test]
fn a_look_reaches_back_to_creation_and_claim_whatever_somebody_writes() {
    let since = |scene: Scene| match scene.plan().step {
        Step::SearchByName(question) => question.since,
        step => panic!("{step:?}"),
    };
    let skew = SignedDuration::from_mins(10);
    let old = || created().created_before(90_000);
    for edited in [-60, 300, 86_400 * 365] {
        assert_eq!(since(old().claim_of(EARLIER, UID, edited)), at(-90_000) - skew, "{edited}");
    }
    let ahead = created().created_before(-3600).claim_of(EARLIER, UID, -60);
    assert_eq!(since(ahead), at(-60) - skew, "the API server's clock is an hour ahead");
    let long_ago = created().claim_of(EARLIER, UID, -86_400 * 365);
    assert_eq!(since(long_ago), at(-86_400) - skew, "not every job that ever bore the name is read");
}

#[test]
fn a_status_that_is_taken_away_does_not_take_the_place_of_the_job_away() {
    let mut scene = created().claimed(0).accepted().region("eu-west-1");
    scene.object.status = None;
    assert_eq!((scene.plan().step, scene.plan().follow), (Step::Rest, None));
}
