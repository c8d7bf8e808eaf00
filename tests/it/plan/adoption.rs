//! Which jobs an object may adopt, and what it is told of those that it may not.

use aws_batch_operator::api::{Adoption, Phase};
use aws_batch_operator::job::{FaultKind, JobId, JobStatus, RemoteJob, Tags};
use aws_batch_operator::plan::{Owner, Step, Turn};
use kube::ResourceExt;

use super::remote::job;
use super::scene::{JOB, Scene, condition, created};

/// An object that asks to adopt the job `id`.
pub fn adopts(id: &str) -> Scene {
    created().annotation("awsbatch.dev/adopt", id).turn(Turn::Granted)
}

/// A running job that bears these tags besides, or in place of, those of the object.
fn tagged(changes: &[(&str, &str)]) -> RemoteJob {
    let mut job = job(JobStatus::Running);
    for (key, value) in changes {
        job.tags.insert(&format!("awsbatch.dev/{key}"), value);
    }
    job
}

/// A job of nobody that we know.
fn untagged() -> RemoteJob {
    RemoteJob { tags: Tags::default(), ..job(JobStatus::Running) }
}

/// The same, and somebody with rights in AWS has put this grant on it.
fn granted(to: &str) -> RemoteJob {
    RemoteJob { tags: [("awsbatch.dev/adoptable-by", to)].into_iter().collect(), ..untagged() }
}

fn elsewhere(job: RemoteJob) -> RemoteJob {
    let queue = "arn:aws:batch:us-east-1:123456789012:job-queue/LowPriority".to_owned();
    RemoteJob { queue: Some(queue), ..job }
}

/// Whether the object follows the job, and what it is told where it does not.
fn follows(scene: &Scene) -> Result<(), String> {
    let plan = scene.clone().finalizer().plan();
    let status = plan.status.unwrap();
    if status.job_id.is_some() {
        return Ok(());
    }
    assert_eq!(condition(&status, "Submitted"), Some(("False", "CannotAdopt")));
    assert_eq!(condition(&status, "Stalled"), Some(("True", "CannotAdopt")));
    assert_eq!(status.phase, Some(Phase::Pending));
    Err(status.reason.unwrap())
}

#[test]
fn what_may_be_adopted() {
    let orphan = || tagged(&[("uid", "old"), ("name", "old")]);
    let other_namespace = || tagged(&[("uid", "old"), ("namespace", "team-b"), ("name", "theirs")]);
    let other_cluster = || tagged(&[("uid", "old"), ("cluster", "cluster-2")]);
    let cases = [
        ("its own", job(JobStatus::Running), None, [true, true, true]),
        ("an orphan of its namespace", orphan(), Some(Owner::Gone), [true, false, true]),
        ("one whose owner lives", orphan(), Some(Owner::Living), [false, false, false]),
        ("one whose owner is not seen", orphan(), Some(Owner::Unseen), [false, false, false]),
        ("one whose owner nobody has asked for", orphan(), None, [false, false, true]),
        ("an orphan of another namespace", other_namespace(), Some(Owner::Gone), [false, false, true]),
        ("another namespace's", other_namespace(), Some(Owner::Living), [false, false, false]),
        ("another cluster's", other_cluster(), None, [false, false, true]),
        ("one without tags", untagged(), None, [false, false, true]),
        ("granted to it", granted("cluster-1/team/example"), None, [true, false, true]),
        ("granted to its namespace", granted("cluster-1/team/*"), None, [true, false, true]),
        ("granted to another", granted("cluster-1/team/other"), None, [false, false, true]),
        ("granted to all namespaces", granted("cluster-1/*/*"), None, [false, false, true]),
        ("granted in another cluster", granted("cluster-2/team/example"), None, [false, false, true]),
        ("granted, and in another queue", elsewhere(granted("cluster-1/team/*")), None, [false; 3]),
        (
            "granted, its queue not told",
            RemoteJob { queue: None, ..granted("cluster-1/team/*") },
            None,
            [false; 3],
        ),
    ];
    for (what, job, owner, expected) in cases {
        for (adoption, may) in [Adoption::Granted, Adoption::Never, Adoption::Any].into_iter().zip(expected) {
            let mut scene = adopts(JOB).saw(job.clone()).adoption(adoption);
            scene.owner = owner;
            assert_eq!(follows(&scene).is_ok(), may, "{what}, with {adoption:?}");
        }
    }
}

#[test]
fn nothing_is_told_of_a_strangers_job() {
    let stranger = || {
        let mut job = elsewhere(tagged(&[("uid", "other"), ("namespace", "team-b"), ("name", "theirs")]));
        job.status_reason = Some("their reason".to_owned());
        job
    };
    for owner in [None, Some(Owner::Gone), Some(Owner::Living), Some(Owner::Unseen)] {
        let mut scene = adopts(JOB).saw(stranger());
        scene.owner = owner;
        let plan = scene.plan();
        let told = format!("{:?}{:?}", plan.status, plan.notes);
        for secret in ["LowPriority", "team-b", "theirs", "other", "RUNNING", "their reason", "sleep60:1"] {
            assert!(!told.contains(secret), "{secret} is told: {told}");
        }
        let way_out = "awsbatch.dev/adoptable-by=cluster-1/team/example";
        assert!(follows(&scene).unwrap_err().contains(way_out));
    }
}

#[test]
fn why_a_job_is_not_adopted_is_said_with_what_to_change() {
    let neighbour = tagged(&[("uid", "old"), ("name", "old")]);
    let cases = vec![
        (adopts("my job"), "this is no AWS job id"),
        (adopts("job-1"), "this is no AWS job id"),
        (adopts(&JOB.replace('-', "")), "this is no AWS job id"),
        (adopts(&JOB.replace('1', "g")), "this is no AWS job id"),
        (adopts(&format!("{JOB}-1")), "this is no AWS job id"),
        (adopts(&format!("{JOB}:3")), "is a part of another job"),
        (
            adopts("arn:aws:batch:eu-west-1:123456789012:job/1-2"),
            "in Region eu-west-1, and this operator works in us-east-1",
        ),
        (adopts("arn:aws:batch:us-east-1:123456789012:job/1-2"), "by its id"),
        (adopts(JOB).missing(0..=0), "in Region us-east-1 and the operator's account"),
        (
            adopts(JOB).saw(elsewhere(granted("cluster-1/team/*"))),
            "is in queue LowPriority, and spec.jobQueue is HighPriority",
        ),
        (adopts(JOB).saw(neighbour).owned_by(Owner::Living), "belongs to BatchJob team/old"),
        (adopts(JOB).saw(untagged()).adoption(Adoption::Never), "--adoption=Never"),
    ];
    for (scene, why) in cases {
        let told = follows(&scene).unwrap_err();
        assert!(told.contains(why), "{told}: {why}");
    }
}

#[test]
fn a_consent_that_is_taken_back_ends_nothing_and_shows_nothing_more() {
    let followed = adopts(JOB).saw(granted("cluster-1/team/*")).finalizer().settled();
    assert_eq!(followed.object.status.as_ref().unwrap().phase, Some(Phase::Running));
    let gone = RemoteJob { status_reason: Some("news".to_owned()), ..untagged() };
    let plan = followed.clone().saw(gone.clone()).plan();
    let status = plan.status.unwrap();
    assert_eq!(condition(&status, "Observed"), Some(("False", "NotOwned")));
    assert!(!format!("{status:?}").contains("news"));
    let deleted = followed.saw(gone).deleted();
    assert_eq!(deleted.plan().step, Step::Rest, "an old look may lack the tag");
    assert_eq!(deleted.now(301).plan().step, Step::RemoveFinalizer, "and the job goes on");
}

#[test]
fn an_object_that_adopts_never_submits() {
    let scenes = vec![
        adopts(JOB),
        adopts("no id"),
        adopts(""),
        adopts(JOB).missing(0..=0),
        adopts(JOB).missing(-9999..=-9999),
        adopts(JOB).saw(elsewhere(untagged())),
        adopts(JOB).saw(tagged(&[("uid", "old")])).owned_by(Owner::Living),
        adopts(JOB).attempt(FaultKind::Refused, "no"),
        adopts(JOB).claimed(0).looked(9_999, vec![]).now(10_000),
    ];
    for scene in scenes {
        let plan = scene.plan();
        assert!(!matches!(plan.step, Step::Submit(_) | Step::TakeTurn), "{scene:#?}\n{plan:#?}");
        assert!(plan.status.is_some() || plan.step != Step::Rest, "never silent: {scene:#?}\n{plan:#?}");
    }
}

#[test]
fn a_restart_is_no_news_of_a_job_that_cannot_be_adopted() {
    let looking = adopts(JOB).plan().status.unwrap();
    assert_eq!(condition(&looking, "Submitted"), Some(("False", "Adopting")));
    let held = adopts(JOB).missing(0..=0).settled().restarted(60);
    let plan = held.plan();
    assert_eq!((plan.status, plan.follow.map(|id| id.to_string()).as_deref()), (None, Some(JOB)));
    let changed = held.changed().plan().status.unwrap();
    assert_eq!(condition(&changed, "Submitted"), Some(("False", "CannotAdopt")), "of the new generation");
}

#[test]
fn an_adopted_job_is_held_first_and_then_is_the_objects_own() {
    let seen = adopts(JOB).seen(JobStatus::Running);
    assert_eq!((seen.plan().step, seen.plan().status), (Step::AddFinalizer, None));
    let held = seen.finalizer();
    let status = held.plan().status.unwrap();
    assert_eq!((status.job_id.as_deref(), status.phase), (Some(JOB), Some(Phase::Running)));
    assert_eq!(condition(&status, "Submitted"), Some(("True", "Accepted")));
    let step = held.settled().deleted().plan().step;
    assert!(matches!(step, Step::EndJobs { .. }), "deletionPolicy applies: {step:?}");
}

/// An object whose adopted job has another name than the object's own jobs, and is missing since then.
fn missing() -> Scene {
    let mut scene = adopts(JOB).submitted().now(400).missing(20..=320);
    scene.object.annotations_mut().remove("awsbatch.dev/claim");
    scene.object.status.as_mut().unwrap().job_name = Some("nightly".to_owned());
    scene
}

/// The name that the object's job is looked for by.
fn looks_for(scene: &Scene) -> String {
    match scene.plan().step {
        Step::SearchByName(question) => question.name,
        step => panic!("{step:?}"),
    }
}

#[test]
fn an_adopted_job_that_is_missing_is_looked_for_by_its_own_name() {
    assert_eq!(looks_for(&missing()), "nightly");
    let mut unasked = missing();
    unasked.object.annotations_mut().remove("awsbatch.dev/adopt");
    assert_eq!(looks_for(&unasked), "nightly", "also when somebody has removed the annotation");
}

#[test]
fn a_status_that_is_written_from_memory_names_an_adopted_job_as_aws_does() {
    let mut restored = adopts(JOB).accepted().finalizer().now(20);
    restored.accepted.as_mut().unwrap().name = Some("nightly".to_owned());
    let name = |scene: &Scene| scene.plan().status.unwrap().job_name;
    assert_eq!(name(&restored).as_deref(), Some("nightly"));
    restored.accepted.as_mut().unwrap().name = None;
    assert_eq!(name(&restored), None, "a name is not guessed");
}

#[test]
fn an_adopted_job_without_a_name_never_vanishes() {
    let mut unnamed = missing();
    unnamed.object.status.as_mut().unwrap().job_name = None;
    let looked = unnamed.looked(390, vec![]);
    let status = looked.plan().status.unwrap();
    assert_eq!(condition(&status, "Observed"), Some(("False", "NotOwned")));
    assert_eq!(status.phase, Some(Phase::Submitted));
    let deleted = looked.deleted().plan().status.unwrap();
    let told = deleted.conditions.iter().find(|condition| condition.type_ == "Observed").unwrap();
    assert!(told.message.contains("kubectl patch bj example"), "{}", told.message);
}

#[test]
fn a_restored_object_follows_its_adopted_job_again_once_the_other_owner_has_ended() {
    let restored = || missing().saw(tagged(&[("uid", "old"), ("name", "old")])).finalizer();
    let held = restored().owned_by(Owner::Living).plan();
    assert_eq!(condition(&held.status.unwrap(), "Observed"), Some(("False", "NotOwned")));
    assert_eq!(held.wake.map(|wake| wake.as_secs()), Some(30), "nothing else would wake it");
    let follows = restored().owned_by(Owner::Gone).plan();
    assert_eq!(follows.status.unwrap().phase, Some(Phase::Running));
}

/// A wrong name finds nothing, and what is not found counts as vanished.
#[test]
fn a_job_is_looked_for_by_the_name_that_aws_gave_it() {
    const ANOTHER: &str = "99999999-2222-4333-8444-555555555555";
    let renamed = |mut scene: Scene| {
        scene.object.status.as_mut().unwrap().job_name = Some("theirs".to_owned());
        scene
    };
    let own = || renamed(created().submitted());
    let asking = |id: &str| own().annotation("awsbatch.dev/adopt", id);
    for (what, scene, expected) in [
        ("its own", own(), Some("example")),
        ("its own, and it asks for another", asking(ANOTHER).accepted(), Some("example")),
        ("the same, to a new process", asking(ANOTHER), Some("example")),
        ("an adopted one, after a refused submission", asking(JOB), Some("theirs")),
        (
            "an adopted one",
            renamed(adopts(JOB).saw(untagged()).adoption(Adoption::Any).finalizer().settled()),
            Some("theirs"),
        ),
    ] {
        assert_eq!(scene.situation().known_job_name().as_deref(), expected, "{what}");
    }
}

/// A job id and an annotation that a person has written do not keep an object from its own job.
#[test]
fn an_object_that_names_another_job_searches_for_its_own() {
    let another = "99999999-2222-4333-8444-555555555555";
    let mut forged = created().submitted().now(1_000);
    let status = forged.object.status.as_mut().unwrap();
    (status.job_id, status.job_name) = (Some(another.to_owned()), Some("theirs".to_owned()));
    let stranger = RemoteJob { id: JobId::new(another).unwrap(), ..elsewhere(tagged(&[("uid", "other")])) };
    for (what, scene) in [
        (
            "a missing job, and it asks for nothing that is a job",
            forged.clone().annotation("awsbatch.dev/adopt", "{").missing(500..=1_000),
        ),
        ("a stranger's job that it asks for", forged.annotation("awsbatch.dev/adopt", another).saw(stranger)),
    ] {
        let Step::SearchByName(question) = scene.plan().step else { panic!("{what}: {:?}", scene.plan()) };
        assert_eq!(question.name, "example", "{what}");
        let found = scene.looked(1_000, vec![job(JobStatus::Running)]).plan();
        assert_eq!(found.status.unwrap().job_id.as_deref(), Some(JOB), "{what}");
    }
}
