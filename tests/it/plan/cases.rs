//! The situations that `docs/states.md` shows, by the part of an object's life they belong to.

use aws_batch_operator::job::{FaultKind, Found, JobId, JobStatus};
use aws_batch_operator::plan::{Owner, Parent, Turn};
use serde_json::json;

use super::attempts;
use super::remote::{array, children, job, nodes, part, tried_again};
use super::scene::{HOLDER, JOB, Scene, created};

/// A part of an object's life.
pub struct Chapter {
    /// Its heading.
    pub title: &'static str,
    /// What happens in it, each in words and as a situation.
    pub cases: Vec<(&'static str, Scene)>,
}

/// The whole life.
pub fn chapters() -> Vec<Chapter> {
    vec![
        Chapter { title: "Before it is sent", cases: before() },
        Chapter { title: "It asks to adopt a job", cases: adoption() },
        Chapter { title: "It waits for others by name", cases: dependencies() },
        Chapter { title: "AWS surely has no job of it", cases: attempts::not_accepted() },
        Chapter { title: "AWS may have a job of it", cases: attempts::doubt() },
        Chapter { title: "It bears a claim, or has lost one", cases: attempts::others() },
        Chapter { title: "Its job is known", cases: known() },
        Chapter { title: "Its job has parts", cases: parts() },
        Chapter { title: "Deadlines, and time to live", cases: deadlines() },
        Chapter { title: "Someone deletes it", cases: deleted() },
    ]
}

fn before() -> Vec<(&'static str, Scene)> {
    vec![
        ("created, seen at once", created()),
        ("waits for its turn to send", created().turn(Turn::Waiting)),
        ("its turn has come", created().turn(Turn::Granted)),
        ("`suspend: true`", created().spec(json!({ "suspend": true }))),
        (
            "`suspend: true`, and its turn has come",
            created().spec(json!({ "suspend": true })).turn(Turn::Granted),
        ),
        (
            "suspended before, released now",
            created().spec(json!({ "suspend": true })).settled().spec(json!({ "suspend": false })),
        ),
        (
            "`managedBy` names another controller",
            created().spec(json!({ "managedBy": "kueue.x-k8s.io/multikueue" })).turn(Turn::Granted),
        ),
        (
            "the request is larger than 30 KiB",
            created().spec(json!({ "parameters": { "p": "x".repeat(31_000) } })),
        ),
        ("bears the claim of another object (copied)", created().claim_of(HOLDER, "another-uid", -60)),
        ("an hour old when first seen, no status (restored)", created().created_before(3600)),
        (
            "the same, and a look by name found nothing",
            created().created_before(3600).looked(1, vec![]).now(2),
        ),
        ("the same, and `suspend: true`", created().created_before(3600).spec(json!({ "suspend": true }))),
        (
            "the same, resumed after more than a day",
            created()
                .created_before(3600)
                .spec(json!({ "suspend": true }))
                .settled()
                .spec(json!({ "suspend": false }))
                .now(90_000),
        ),
    ]
}

fn dependencies() -> Vec<(&'static str, Scene)> {
    let id = || JobId::new("77777777-2222-4333-8444-555555555555").unwrap();
    let after = |parent| created().turn(Turn::Granted).after("prepare", parent);
    let seen = |parent| after(parent).after("more", Parent::Missing).settled();
    let many =
        |number| (0..number).fold(created(), |scene, n| scene.after(&format!("p{n}"), Parent::Job(id())));
    vec![
        ("the other does not exist yet", after(Parent::Missing)),
        ("AWS has no job of the other yet", after(Parent::Waiting)),
        ("AWS has a job of the other", after(Parent::Job(id()))),
        ("the other succeeded", after(Parent::Succeeded)),
        ("the other failed, or is being deleted", after(Parent::Failed)),
        ("the other waits for this one", after(Parent::Cycle)),
        ("the other was seen, and is gone", seen(Parent::Waiting).parent("prepare", Parent::Missing)),
        (
            "the other had succeeded, and is gone",
            seen(Parent::Succeeded).parent("prepare", Parent::Missing).parent("more", Parent::Succeeded),
        ),
        ("21 others are open, and AWS takes 20", many(21)),
        ("20 others are open", many(20)),
    ]
}

fn known() -> Vec<(&'static str, Scene)> {
    let submitted = || created().submitted().now(20);
    let mut stuck = job(JobStatus::Runnable);
    stuck.status_reason = Some("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT".to_owned());
    let stuck = || submitted().saw(stuck.clone());
    let succeeded = || submitted().seen(JobStatus::Succeeded);
    let listed = || Found { undescribed: 1, shows_the_job: true, ..Found::default() };
    vec![
        ("AWS accepted it", created().claimed(0).accepted()),
        ("the status tells of the job, nobody looked yet", submitted()),
        ("SUBMITTED, PENDING, RUNNABLE or STARTING", submitted().seen(JobStatus::Runnable)),
        ("RUNNING", submitted().seen(JobStatus::Running)),
        ("RUNNING, and the status says so", submitted().seen(JobStatus::Running).settled()),
        (
            "RUNNABLE again, for its second attempt",
            submitted().seen(JobStatus::Running).settled().saw(tried_again()),
        ),
        ("RUNNABLE, and AWS says that nothing can run it", stuck()),
        ("the same, and then it runs", stuck().settled().seen(JobStatus::Running)),
        ("SUCCEEDED", succeeded()),
        ("FAILED", submitted().seen(JobStatus::Failed)),
        ("ended, and the status says so", succeeded().settled()),
        (
            "ended, and a member of ours was changed since",
            succeeded().settled().without_finalizer().changed(),
        ),
        ("AWS leaves it out (reads lag)", submitted().missing(18..=18)),
        ("AWS has left it out for five minutes", submitted().missing(18..=318).now(318)),
        ("the same; its queue does not list it", submitted().missing(18..=318).looked(320, vec![]).now(321)),
        ("the same; its queue lists it", submitted().missing(18..=318).found(320, listed()).now(321)),
        ("the same; the look by name fails", submitted().missing(18..=318).look_failed(320).now(321)),
        ("AWS left it out once, and nobody has looked for long", submitted().missing(18..=18).now(600)),
        (
            "`suspend` set after it was sent",
            submitted().spec(json!({ "suspend": true })).seen(JobStatus::Running),
        ),
        ("a restore took the status back; we remember the job", created().accepted()),
        ("someone took the finalizer away", submitted().seen(JobStatus::Running).settled().replaced()),
        ("the operator works in another Region by now", submitted().region("eu-west-1")),
    ]
}

fn parts() -> Vec<(&'static str, Scene)> {
    let submitted = || created().submitted().now(20);
    let runs = || children(&[("SUCCEEDED", 1), ("RUNNING", 2)]);
    let waits = children(&[("RUNNABLE", 3)]);
    let failed = || submitted().now(80).saw(array(JobStatus::Failed, 2));
    let of_nodes = |status| submitted().now(80).saw(nodes(status));
    vec![
        ("an array parent whose children run", submitted().saw(runs())),
        (
            "the same, and then all of them wait for another attempt",
            submitted().saw(runs()).settled().saw(waits),
        ),
        ("an array SUCCEEDED", submitted().saw(array(JobStatus::Succeeded, 0))),
        ("an array FAILED", failed()),
        ("the same; its failed children were read", failed().inspected(vec![1, 2], Some(part(":1")))),
        ("the same; they cannot be read", failed().inspection_failed()),
        ("an array FAILED that is being deleted", failed().deleted()),
        ("a job of several nodes runs", of_nodes(JobStatus::Running)),
        ("a job of several nodes FAILED", of_nodes(JobStatus::Failed)),
        ("the same; its main node was read", of_nodes(JobStatus::Failed).inspected(vec![], Some(part("#0")))),
    ]
}

fn adoption() -> Vec<(&'static str, Scene)> {
    let adopts = |id: &str| created().annotation("awsbatch.dev/adopt", id).turn(Turn::Granted);
    let asked = || adopts(JOB);
    let seen = || asked().seen(JobStatus::Running);
    let granted = |to: &str| {
        let mut job = job(JobStatus::Running);
        job.tags = [("awsbatch.dev/adoptable-by", to)].into_iter().collect();
        asked().saw(job)
    };
    let of_neighbour = || {
        let mut job = job(JobStatus::Running);
        job.tags.insert("awsbatch.dev/uid", "old");
        asked().saw(job)
    };
    vec![
        ("nobody has looked at the job yet", asked()),
        ("what it names is no job id", adopts("my job")),
        ("it names a job of another Region", adopts("arn:aws:batch:eu-west-1:123456789012:job/1-2")),
        ("it names a child of an array", adopts(&format!("{JOB}:3"))),
        ("AWS does not tell of the job", asked().missing(0..=0)),
        ("nothing in AWS grants the job to it", granted("cluster-1/team/another")),
        ("a tag on the job grants it", granted("cluster-1/team/example")),
        (
            "the job belongs to another BatchJob of the namespace, which lives",
            of_neighbour().owned_by(Owner::Living),
        ),
        ("that BatchJob is gone or has ended", of_neighbour().owned_by(Owner::Gone)),
        ("the job is its own, and runs", seen()),
        ("the same, and our finalizer is on the object", seen().finalizer()),
        ("the job has ended", asked().seen(JobStatus::Succeeded)),
        ("deleted before the job was found", asked().missing(0..=0).settled().deleted()),
        ("deleted while it follows the job", seen().finalizer().settled().deleted()),
        ("claimed before: it may have a job of its own", asked().claimed(-60)),
    ]
}

fn deadlines() -> Vec<(&'static str, Scene)> {
    let limited = || created().spec(json!({ "submitDeadlineSeconds": 30 }));
    let refused = || limited().answered(FaultKind::Refused, "no such queue").now(2).settled();
    let unclear = || limited().answered(FaultKind::Unclear, "500");
    let with = |member: &str| created().submitted().spec(json!({ member: 30 }));
    let (queue, active) = (|| with("queueDeadlineSeconds"), || with("activeDeadlineSeconds"));
    let mut ended = job(JobStatus::Failed);
    ended.is_terminated = true;
    let mut never_ran = job(JobStatus::Failed);
    (never_ran.is_cancelled, never_ran.started_at, never_ran.attempts) = (true, None, 0);
    let (waits, runs) = (|| Some(job(JobStatus::Runnable)), || Some(job(JobStatus::Running)));
    let finished = || with("ttlSecondsAfterFinished").now(80).seen(JobStatus::Succeeded).settled();
    let kept = |scene: Scene| scene.label("kustomize.toolkit.fluxcd.io/name", "apps");
    vec![
        ("AWS refused it, `submitDeadlineSeconds: 30` not over", refused().now(20)),
        ("the same, over", refused().now(31)),
        ("`submitDeadlineSeconds` is over, and it may have a job", unclear().now(31)),
        ("the same; nothing found, and none can hide any more", unclear().looked(62, vec![]).now(63)),
        (
            "resumed, `submitDeadlineSeconds: 30` over since its creation",
            limited().spec(json!({ "suspend": true })).settled().spec(json!({ "suspend": false })).now(40),
        ),
        (
            "waits in the queue, `queueDeadlineSeconds: 30` not over",
            queue().seen(JobStatus::Runnable).now(20),
        ),
        ("the same, over", queue().seen(JobStatus::Runnable).now(40)),
        (
            "a look shows that it has not started",
            queue().seen(JobStatus::Runnable).glanced(40, waits()).now(40),
        ),
        ("a look shows that it has", queue().seen(JobStatus::Runnable).glanced(40, runs()).now(40)),
        ("the look fails", queue().seen(JobStatus::Runnable).glance_failed(40).now(41)),
        ("it is RUNNABLE again, for its second attempt", queue().saw(tried_again()).now(40)),
        ("it runs", queue().seen(JobStatus::Running).now(40)),
        ("it was cancelled so", queue().saw(never_ran).now(80)),
        ("runs, `activeDeadlineSeconds: 30` not over", active().seen(JobStatus::Running).now(20)),
        ("the same, over", active().seen(JobStatus::Running).now(40)),
        ("it ended so", active().saw(ended).now(80)),
        ("nobody has seen it, and the deadline is over", active().now(40)),
        ("ended, `ttlSecondsAfterFinished: 30` not over", finished().now(100).without_finalizer()),
        ("the same, over", finished().now(120).without_finalizer()),
        ("the same, over, but Flux keeps it", kept(finished()).now(120).without_finalizer()),
    ]
}

fn deleted() -> Vec<(&'static str, Scene)> {
    let running = || created().submitted().now(20).seen(JobStatus::Running).settled().deleted();
    let policy = |policy: &str| running().spec(json!({ "deletionPolicy": policy }));
    let unclear = || created().attempt(FaultKind::Unclear, "timed out").now(2).deleted();
    let waiting = || {
        let cancel = created().submitted().now(20).spec(json!({ "deletionPolicy": "Cancel" }));
        cancel.seen(JobStatus::Runnable).settled().deleted()
    };
    vec![
        ("it was never claimed", created().deleted()),
        ("AWS had refused it", created().attempt(FaultKind::Refused, "no such queue").now(2).deleted()),
        (
            "the same, and another process leads",
            created().answered(FaultKind::Refused, "no such queue").now(2).settled().restarted(60).deleted(),
        ),
        ("its job runs", running()),
        ("its job runs; AWS took the request to end it", running().asked_to_end(19, None)),
        ("the same, no effect for a minute", running().asked_to_end(19, None).now(80)),
        ("AWS refused the request to end it", running().asked_to_end(19, Some(FaultKind::Denied))),
        ("`deletionPolicy: Cancel`, its job runs", policy("Cancel")),
        ("the same, and its job is RUNNABLE again", policy("Cancel").saw(tried_again())),
        ("`deletionPolicy: Cancel`, its job waits", waiting()),
        ("a look shows that it has not started", waiting().glanced(20, Some(job(JobStatus::Runnable)))),
        ("`deletionPolicy: Retain`, its job runs", policy("Retain")),
        ("its job has ended meanwhile", running().seen(JobStatus::Failed)),
        ("its job is an array whose end was not read yet", running().saw(array(JobStatus::Failed, 1))),
        ("its job vanished five minutes ago", running().missing(20..=321).now(321)),
        ("the same; its queue does not list it", running().missing(20..=321).looked(322, vec![]).now(323)),
        ("the same; its queue is gone", running().missing(20..=321).looks_refused([322, 442]).now(443)),
        ("it had ended before", created().submitted().now(80).seen(JobStatus::Succeeded).settled().deleted()),
        ("it may have a job", unclear()),
        (
            "it may have a job, `deletionPolicy: Retain`",
            unclear().spec(json!({ "deletionPolicy": "Retain" })),
        ),
        ("it may have a job: found", unclear().looked(2, vec![job(JobStatus::Running)]).now(3)),
        ("it may have a job: none, the window is over", unclear().looked(421, vec![]).now(422)),
        ("it may have a job; the look fails", unclear().look_failed(2).now(3)),
        (
            "it may have a job; the look is refused once after the window",
            unclear().look_failed_as(421, FaultKind::Refused).now(422),
        ),
        (
            "it may have a job; its queue is gone: all looks of two minutes were refused",
            unclear().looks_refused([301, 421]).now(422),
        ),
        ("it may have a job in another account", unclear().account(Some("999999999999"))),
    ]
}
