//! The gate: a job is ended, or shown in a status, only by proof that it is the object's.

use aws_batch_operator::job::{FaultKind, JobId, JobStatus, Owned, RemoteJob, Tags};
use aws_batch_operator::plan::Step;
use serde_json::json;

use super::remote::{accepted, job};
use super::scene::{JOB, Scene, condition, created};

const DAY: i64 = 24 * 3600;

/// The id of a job of somebody else.
const VICTIM: &str = "99999999-2222-4333-8444-555555555555";

/// A running job of somebody else.
fn stranger() -> RemoteJob {
    RemoteJob {
        id: JobId::new(VICTIM).unwrap(),
        status_reason: Some("their secret".to_owned()),
        tags: [("awsbatch.dev/uid", "other")].into_iter().collect(),
        ..job(JobStatus::Running)
    }
}

/// Somebody with rights on the status has written this job into it, with a deadline that has passed.
fn forged(id: &str) -> Scene {
    let mut scene = created().spec(json!({ "activeDeadlineSeconds": 1 })).submitted().now(80);
    scene.object.status.as_mut().unwrap().job_id = Some(id.to_owned());
    scene
}

fn ends(scene: &Scene) -> bool {
    matches!(scene.plan().step, Step::EndJobs { .. })
}

#[test]
fn a_job_that_somebody_wrote_into_the_status_is_neither_ended_nor_shown() {
    let seen = forged(VICTIM).saw(stranger());
    let plan = seen.plan();
    assert!(
        matches!(&plan.step, Step::SearchByName(question) if !question.is_urgent),
        "its own is looked for"
    );
    let status = plan.status.unwrap();
    assert_eq!(condition(&status, "Observed"), Some(("False", "NotOwned")));
    let told = format!("{:?}{:?}", status, plan.notes);
    assert!(!told.contains("their secret") && !told.contains("other\""), "{told}");
    for seconds in [80, DAY, 30 * DAY] {
        assert!(!ends(&seen.clone().now(seconds)) && !ends(&seen.clone().now(seconds).deleted()));
    }
}

#[test]
fn nothing_is_ended_before_it_was_looked_at() {
    assert!(!ends(&forged(VICTIM)), "a deadline ends nothing without a look");
    let deleted = forged(VICTIM).deleted();
    assert!(!ends(&deleted), "nor does a deletion");
    assert_eq!(deleted.plan().follow, JobId::new(VICTIM), "the tracker looks at it");
    let waits = deleted.now(80 + 61).plan();
    let text = waits.status.unwrap().reason.unwrap();
    assert!(text.contains("kubectl patch bj example"), "{text}");
}

#[test]
fn the_answer_of_submit_job_is_a_proof() {
    let mut own = forged(JOB);
    own.proven = Some(Owned::submitted(&accepted()));
    assert!(ends(&own), "also before the first look");
    assert!(
        ends(&own.saw(RemoteJob { tags: Tags::default(), ..job(JobStatus::Running) })),
        "and without tags"
    );
}

#[test]
fn a_process_that_knows_better_puts_a_forged_status_right() {
    let mut scene = forged(VICTIM).saw(stranger());
    scene.proven = Some(Owned::submitted(&accepted()));
    let status = scene.plan().status.unwrap();
    assert_eq!(status.job_id.as_deref(), Some(JOB));
}

/// Somebody asks for a job that is granted to the namespace, and writes that job into the status as well.
#[test]
fn a_process_that_knows_better_lets_no_job_go_for_one_that_is_asked_for_later() {
    let tags = [("awsbatch.dev/adoptable-by", "cluster-1/team/*")].into_iter().collect();
    let granted = RemoteJob { tags, status: JobStatus::Succeeded, ..stranger() };
    let mut scene = forged(VICTIM).annotation("awsbatch.dev/adopt", VICTIM).saw(granted);
    scene.proven = Some(Owned::submitted(&accepted()));
    let plan = scene.plan();
    let status = plan.status.unwrap();
    assert_eq!((status.job_id.as_deref(), plan.follow), (Some(JOB), JobId::new(JOB)));
}

#[test]
fn its_own_job_is_found_by_its_tags_and_comes_back_into_the_status() {
    let found = forged(VICTIM).saw(stranger()).looked(81, vec![job(JobStatus::Running)]);
    let status = found.plan().status.unwrap();
    assert_eq!(status.job_id.as_deref(), Some(JOB));
}

#[test]
fn a_deleted_object_with_a_forged_status_ends_its_own_job() {
    let deleted = forged(VICTIM).saw(stranger()).now(500).deleted();
    let Step::SearchByName(question) = deleted.plan().step else { panic!("{:?}", deleted.plan().step) };
    assert_eq!((question.queue.as_str(), question.name.as_str()), ("HighPriority", "example"));
    assert_eq!(deleted.clone().looked(500, vec![]).plan().step, Step::RemoveFinalizer);
    let found = deleted.looked(500, vec![job(JobStatus::Running)]);
    let healed = found.settled().plan();
    assert!(!matches!(healed.step, Step::RemoveFinalizer), "{healed:?}");
}

#[test]
fn a_clone_of_the_cluster_ends_no_job_of_its_original() {
    let mut original = job(JobStatus::Running);
    original.tags.insert("awsbatch.dev/cluster", "the original");
    let cloned = created().submitted().restarted(80).saw(original);
    assert!(!ends(&cloned) && !ends(&cloned.clone().deleted()));
    assert_eq!(condition(&cloned.plan().status.unwrap(), "Observed"), Some(("False", "NotOwned")));
    assert!(
        !matches!(cloned.now(2 * DAY).plan().step, Step::TakeTurn | Step::Submit(_)),
        "nor runs it again"
    );
}

#[test]
fn tags_that_lag_are_waited_for_and_tags_that_stay_away_are_told_of() {
    let untagged = RemoteJob { tags: Tags::default(), ..job(JobStatus::Running) };
    let fresh = created().submitted().restarted(80).saw(untagged.clone());
    assert_eq!((fresh.plan().status, fresh.plan().step), (None, Step::Rest));
    let late = fresh.now(80 + 301);
    let status = late.plan().status.unwrap();
    assert_eq!(condition(&status, "Observed"), Some(("False", "NotOwned")));
    assert!(status.reason.unwrap().contains("awsbatch.dev/namespace=team"));
    assert!(!ends(&late.clone().deleted()));
    let ended = RemoteJob { tags: Tags::default(), ..job(JobStatus::Succeeded) };
    let ended = late.saw(ended).now(500).looked(500, vec![]);
    assert_eq!(ended.deleted().plan().step, Step::RemoveFinalizer, "what has ended needs no end");
}

#[test]
fn extras_are_ended_only_beside_a_job_that_is_proven() {
    let resubmitted = || {
        let mut scene = created().submitted().now(80);
        let conditions = &mut scene.object.status.as_mut().unwrap().conditions;
        conditions[0].reason = "Resubmitted".to_owned();
        scene.object.status.as_mut().unwrap().job_id = Some(VICTIM.to_owned());
        scene.saw(stranger()).now(4_000).looked(4_000, vec![job(JobStatus::Running)])
    };
    assert!(!ends(&resubmitted()), "the job that was found is its only one");
}

#[test]
fn a_deleted_object_whose_status_names_an_ended_stranger_still_ends_its_own_job() {
    let ended = RemoteJob { tags: Tags::default(), status: JobStatus::Succeeded, ..stranger() };
    let deleted = forged(VICTIM).saw(ended.clone()).now(500).deleted();
    assert!(matches!(deleted.plan().step, Step::SearchByName(_)), "{:?}", deleted.plan().step);
    let mut known = forged(VICTIM).saw(ended).deleted();
    known.proven = Some(Owned::submitted(&accepted()));
    assert!(!matches!(known.plan().step, Step::RemoveFinalizer), "{:?}", known.plan().step);
}

#[test]
fn a_process_that_was_just_started_gives_nothing_up() {
    let untagged = RemoteJob { tags: Tags::default(), ..job(JobStatus::Running) };
    let deleted = created().submitted().now(80).deleted().restarted(2 * DAY);
    for scene in [deleted.clone(), deleted.saw(untagged)] {
        assert!(!matches!(scene.plan().step, Step::RemoveFinalizer), "{:?}", scene.plan());
        let later = scene.now(2 * DAY + 301).looked(2 * DAY + 301, vec![]);
        assert_eq!(later.plan().step, Step::RemoveFinalizer, "a deletion ends some day");
    }
}

#[test]
fn the_look_for_its_own_job_is_made_again_soon_when_it_failed() {
    let failed = forged(VICTIM).saw(stranger()).look_failed_as(80, FaultKind::Unclear);
    assert_eq!(failed.clone().now(100).plan().wake.unwrap().as_secs(), 40);
    let plan = failed.now(140).plan();
    assert!(matches!(&plan.step, Step::SearchByName(question) if !question.is_urgent), "{:?}", plan.step);
}
