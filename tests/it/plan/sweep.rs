//! The late look: when it is due, what it finds, and what is held until it is done.

use aws_batch_operator::job::{EndKind, FaultKind, JobId, JobStatus, RemoteJob};
use aws_batch_operator::plan::{Because, Note, Plan, Step};
use serde_json::json;

use super::remote::job;
use super::scene::{EARLIER, HOLDER, JOB, Scene, UID, at, created};

/// Five windows after the signature of the claim of noon is dead.
const DUE: i64 = 360 + 300;

/// Its job was found by name at 12:01, and the status says so.
fn recovered() -> Scene {
    let claimed = created().claim_of(EARLIER, UID, 0).restarted(50);
    claimed.now(60).looked(60, vec![job(JobStatus::Running)]).settled()
}

impl Scene {
    /// It was this job that we asked AWS to end.
    fn of(mut self, job: RemoteJob) -> Self {
        self.end_asked.as_mut().unwrap().ids = vec![job.id];
        self
    }
}

fn reason(plan: &Plan) -> Option<String> {
    let conditions = &plan.status.as_ref()?.conditions;
    Some(conditions.iter().find(|condition| condition.type_ == "Submitted")?.reason.clone())
}

fn reason_of(notes: &[Note]) -> Option<&str> {
    Some(notes.last()?.reason.as_str())
}

fn hidden() -> RemoteJob {
    RemoteJob { id: JobId::new("99999999-2222-4333-8444-555555555555").unwrap(), ..job(JobStatus::Running) }
}

#[test]
fn it_is_due_five_windows_after_the_signature_is_dead_also_after_a_restart() {
    for scene in [recovered(), recovered().restarted(100)] {
        let early = scene.clone().now(DUE - 1).seen(JobStatus::Running).plan();
        assert_eq!((early.step, early.wake.unwrap().as_secs()), (Step::Rest, 1));
        let asks = scene.now(DUE).seen(JobStatus::Running).plan().step;
        assert!(matches!(asks, Step::SearchByName(_)), "what was found before proves nothing: {asks:?}");
    }
}

#[test]
fn a_claim_of_a_time_to_come_does_not_put_it_off() {
    let edited = recovered().claim_of("operator-1", UID, 86_400);
    let asks = edited.now(60 + 360 + 300).seen(JobStatus::Running).plan().step;
    assert!(matches!(asks, Step::SearchByName(_)), "{asks:?}");
}

#[test]
fn nothing_more_is_found_and_the_status_says_that_all_is_done() {
    let look = recovered().now(DUE).seen(JobStatus::Running).looked(DUE, vec![job(JobStatus::Running)]);
    let done = look.plan();
    assert_eq!((reason(&done).as_deref(), &done.step), (Some("Accepted"), &Step::Rest));
    let after = look.settled().plan();
    assert_eq!((after.step, after.status, after.wake), (Step::Rest, None, None), "and never again");
}

#[test]
fn what_hid_is_ended_and_not_the_job_that_the_status_names() {
    let look = recovered().now(DUE).seen(JobStatus::Running);
    let look = look.looked(DUE, vec![hidden(), job(JobStatus::Running)]);
    let Step::EndJobs { kind, ids, .. } = look.plan().step else { panic!("{:?}", look.plan().step) };
    let ids: Vec<_> = ids.iter().map(|job| job.id().clone()).collect();
    assert_eq!((kind, ids), (EndKind::Terminate, vec![hidden().id]));
    let taken = look.clone().asked_to_end(DUE, None).of(hidden()).plan();
    assert_eq!(reason(&taken).as_deref(), Some("Accepted"));
    let refused = look.asked_to_end(DUE, Some(FaultKind::Denied)).of(hidden()).plan();
    assert_eq!((&refused.step, reason(&refused)), (&Step::Rest, None), "not done, and not at once again");
    assert!(refused.wake.is_some());
}

#[test]
fn an_ended_job_holds_its_object_until_then() {
    let ended = recovered().now(100).seen(JobStatus::Succeeded);
    assert_eq!(ended.plan().step, Step::Rest);
    let ended = ended.settled().deleted();
    assert_eq!(ended.plan().step, Step::Rest, "a deleted one too");
    assert_eq!(ended.clone().spec(json!({ "deletionPolicy": "Retain" })).plan().step, Step::RemoveFinalizer);
    let done = ended.now(DUE).looked(DUE, vec![job(JobStatus::Succeeded)]).plan();
    assert_eq!((reason(&done).as_deref(), done.step), (Some("Accepted"), Step::RemoveFinalizer));
}

#[test]
fn a_look_that_fails_is_made_again() {
    let failed = recovered().now(DUE).seen(JobStatus::Running).look_failed(DUE);
    assert_eq!((failed.plan().step, failed.plan().status), (Step::Rest, None));
    assert!(matches!(failed.now(DUE + 30).plan().step, Step::SearchByName(_)));
}

#[test]
fn a_queue_that_is_gone_holds_no_object() {
    let refused = |seconds| recovered().now(seconds).seen(JobStatus::Succeeded).settled().deleted();
    let early = refused(DUE).look_failed_as(DUE, FaultKind::Refused);
    let way_out = early.plan().status.unwrap().reason.unwrap();
    assert!(way_out.contains("kubectl patch bj example"), "{way_out}");
    let once = refused(DUE + 121).look_failed_as(DUE + 121, FaultKind::Refused).plan();
    assert_eq!(once.step, Step::Rest, "one refusal proves nothing");
    let late = refused(DUE + 121).looks_refused([DUE + 1, DUE + 121]).plan();
    assert_eq!((late.step, reason_of(&late.notes)), (Step::RemoveFinalizer, Some("Released")));
}

#[test]
fn a_look_that_is_never_answered_holds_a_deleted_object_for_a_day_at_most() {
    let deleted = recovered().now(DUE).seen(JobStatus::Succeeded).settled().deleted();
    let day = DUE + 86_400;
    for kind in [FaultKind::Denied, FaultKind::Unclear, FaultKind::Throttled] {
        let held = deleted.clone().now(day - 60).look_failed_as(day - 60, kind).plan();
        assert_ne!(held.step, Step::RemoveFinalizer, "{kind:?}");
        let late = deleted.clone().now(day + 1).look_failed_as(day + 1, kind).plan();
        assert_eq!(late.step, Step::RemoveFinalizer, "{kind:?}");
    }
}

#[test]
fn a_second_send_is_looked_after_and_a_first_one_is_not() {
    let first = created().claimed(0).accepted().plan();
    assert_eq!(reason(&first).as_deref(), Some("Accepted"));
    let again = json!({ "v": 1, "uid": UID, "at": at(0), "holder": HOLDER, "again": true }).to_string();
    let second = created().claim_text(&again).accepted().plan();
    assert_eq!(reason(&second).as_deref(), Some("Resubmitted"));
    let adopted = created().annotation("awsbatch.dev/adopt", JOB).finalizer().seen(JobStatus::Running).plan();
    assert_eq!(reason(&adopted).as_deref(), Some("Accepted"), "it was never submitted by us");
}

/// Somebody who adds the annotation to an object in doubt does not hide a second job.
#[test]
fn an_annotation_that_comes_after_the_claim_keeps_the_second_search() {
    let asks = |scene: Scene| {
        scene.annotation("awsbatch.dev/adopt", "99999999-2222-4333-8444-555555555555").finalizer()
    };
    let found = asks(created().claimed(0)).now(400).looked(400, vec![job(JobStatus::Running)]).plan();
    assert_eq!(reason(&found).as_deref(), Some("Recovered"));
    let again = json!({ "v": 1, "uid": UID, "at": at(0), "holder": HOLDER, "again": true }).to_string();
    let accepted = asks(created().claim_text(&again)).accepted().plan();
    assert_eq!(reason(&accepted).as_deref(), Some("Resubmitted"));
}

#[test]
fn an_object_of_another_controller_is_left_alone() {
    let plan = recovered().spec(json!({ "managedBy": "another.example.com/controller" })).now(DUE).plan();
    assert_eq!(plan, Plan::rest().because(Because::ManagedElsewhere));
}
