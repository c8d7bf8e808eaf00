//! What holds for every plan, tried over all situations that a small world has: every combination of what the object
//! says, what is remembered, what AWS tells, and the time.

use std::time::Duration;

use aws_batch_operator::api::{BatchJobStatus, Phase};
use aws_batch_operator::job::{FaultKind, JobId, JobStatus};
use aws_batch_operator::plan::{Plan, Step, Turn};
use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde_json::json;

use super::remote::job;
use super::scene::{HOLDER, Scene, UID, created};

/// A way of changing a scene.
type Twist = fn(Scene) -> Scene;

const OBJECTS: [Twist; 14] = [
    |s| s,
    |s| s.claimed(0),
    |s| s.claimed(-100_000),
    |s| s.claim_of("operator-1", UID, 0),
    |s| s.claim_of(HOLDER, "another", 0),
    |s| s.claim_text("{"),
    |s| s.claim_text(&claim_at(Timestamp::MIN)),
    |s| s.claim_text(&claim_at(Timestamp::MAX)),
    |s| found(s).status_times(Timestamp::MIN),
    |s| found(s).status_times(Timestamp::MAX),
    |s| s.submitted().seen(JobStatus::Failed).settled().status_times(Timestamp::MAX),
    |s| s.finalizer(),
    |s| s.submitted(),
    |s| s.submitted().seen(JobStatus::Failed).settled(),
];
const SPECS: [Twist; 8] = [
    |s| s,
    |s| s.spec(json!({ "suspend": true })),
    |s| s.spec(json!({ "submissionPolicy": "AtMostOnce" })),
    |s| s.spec(json!({ "deletionPolicy": "Retain" })),
    |s| s.spec(json!({ "managedBy": "someone" })),
    |s| {
        s.spec(json!({ "activeDeadlineSeconds": i64::MAX, "ttlSecondsAfterFinished": i64::MAX, "submitDeadlineSeconds": 500 }))
    },
    |s| s.created_before(86_400 * 3),
    |s| s.region("eu-west-1"),
];
const MEMORIES: [Twist; 6] = [
    |s| s,
    |s| s.accepted(),
    |s| s.attempt(FaultKind::Unclear, "lost"),
    |s| s.answered(FaultKind::Unclear, "500"),
    |s| s.answered(FaultKind::Refused, "no").now(2).settled().restarted(3),
    |s| s.attempt(FaultKind::Refused, "no"),
];
const LOOKS: [Twist; 7] = [
    |s| s,
    |s| s.looked(-500, vec![]),
    |s| s.looked(2, vec![]),
    |s| s.looked(500, vec![]),
    |s| s.looked(3, vec![job(JobStatus::Running)]),
    |s| s.look_failed(3),
    |s| s.look_failed_as(500, FaultKind::Refused),
];
const SIGHTS: [Twist; 6] = [
    |s| s,
    |s| s.seen(JobStatus::Runnable),
    |s| s.seen(JobStatus::Running),
    |s| s.seen(JobStatus::Succeeded),
    |s| s.missing(5..=5),
    |s| s.missing(-600..=0),
];
const TURNS: [Turn; 3] = [Turn::None, Turn::Waiting, Turn::Granted];
const TIMES: [i64; 3] = [10, 1000, 100_000];

/// A claim whose time someone has edited.
fn claim_at(time: Timestamp) -> String {
    json!({ "v": 1, "uid": UID, "at": time, "holder": "operator-1" }).to_string()
}

/// Its job was found by its name, and its claim is of a time to come.
fn found(scene: Scene) -> Scene {
    scene.claim_text(&claim_at(Timestamp::MAX)).looked(3, vec![job(JobStatus::Running)]).settled()
}

impl Scene {
    /// Someone with a right to it has edited every time in the status.
    fn status_times(mut self, time: Timestamp) -> Self {
        let mut status = self.object.status.take().unwrap_or_default();
        status.submitted_at = Some(Time(time));
        for condition in &mut status.conditions {
            condition.last_transition_time = Time(time);
        }
        self.object.status = Some(status);
        self
    }
}

#[test]
fn what_holds_for_every_plan() {
    let halves = OBJECTS.split_at(OBJECTS.len() / 2);
    let tried = std::thread::scope(|scope| {
        let halves = [halves.0, halves.1].map(|objects| scope.spawn(|| try_all(objects)));
        halves.into_iter().map(|half| half.join().unwrap()).sum::<usize>()
    });
    assert_eq!(tried, 14 * 8 * 6 * 7 * 6 * 3 * 3 * 2);
}

fn try_all(objects: &[Twist]) -> usize {
    let mut tried = 0;
    for (object, spec, memory) in product(objects, &SPECS, &MEMORIES) {
        let scene = memory(object(spec(created())));
        for (look, sight, turn) in product(&LOOKS, &SIGHTS, &TURNS) {
            let scene = sight(look(scene.clone())).turn(turn);
            for now in TIMES {
                for scene in [scene.clone().now(now), scene.clone().now(now).deleted()] {
                    let plan = scene.plan();
                    submits_only_what_has_no_job_and_is_wanted(&scene, &plan);
                    writes_no_status_in_the_pass_that_claims(&scene, &plan);
                    settles(&scene, &plan);
                    waits_for_the_next_state_and_for_nothing_else(&scene, &plan);
                    two_writers_take_turns(&scene, &plan);
                    sends_nothing_where_the_status_names_a_job(&scene, &plan);
                    leads_on_or_rests_for_a_reason(&scene, &plan);
                    what_was_never_sent_is_never_given_up(&scene, &plan);
                    tried += 1;
                }
            }
        }
    }
    tried
}

fn product<A: Copy, B: Copy, C: Copy>(a: &[A], b: &[B], c: &[C]) -> Vec<(A, B, C)> {
    let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (*a, *b)));
    pairs.flat_map(|(a, b)| c.iter().map(move |c| (a, b, *c))).collect()
}

fn submits_only_what_has_no_job_and_is_wanted(scene: &Scene, plan: &Plan) {
    if let Step::Submit(_) = plan.step {
        let object = &scene.object;
        assert_eq!(object.status.as_ref().and_then(|status| status.job_id.as_ref()), None, "{scene:#?}");
        assert!(object.metadata.deletion_timestamp.is_none(), "{scene:#?}");
        assert_ne!(object.spec.suspend, Some(true), "{scene:#?}");
        assert_eq!(object.spec.managed_by, None, "{scene:#?}");
    }
}

/// The cache does not keep the request of such an object.
fn sends_nothing_where_the_status_names_a_job(scene: &Scene, plan: &Plan) {
    let named = scene.object.status.as_ref().and_then(|status| status.job_id.as_deref());
    let sends = matches!(plan.step, Step::TakeTurn | Step::Submit(_));
    assert!(!(sends && named.and_then(JobId::new).is_some()), "{scene:#?}");
}

fn writes_no_status_in_the_pass_that_claims(scene: &Scene, plan: &Plan) {
    let claims = matches!(plan.step, Step::Submit(_));
    assert!(!(claims && plan.status.is_some()), "{scene:#?}");
}

/// The first status may record a look by name, the second what the tracker saw since. Then it rests.
fn settles(scene: &Scene, plan: &Plan) {
    if plan.status.is_some() {
        let settled = scene.clone().settled().settled();
        assert_eq!(settled.plan().status, None, "{scene:#?}");
    }
}

/// A status that was just written changes nothing of the plan, but for a state that waits for the next one. That wait ends
/// by itself, and then the plan is the same.
fn waits_for_the_next_state_and_for_nothing_else(scene: &Scene, plan: &Plan) {
    if plan.status.is_none() {
        return;
    }
    let paced = scene.clone().told(scene.now).plan();
    if paced == *plan {
        return;
    }
    let phase = |status: &Option<BatchJobStatus>| status.as_ref().and_then(|status| status.phase);
    let is_before_running = phase(&plan.status) == Some(Phase::Submitted);
    assert!(is_before_running && phase(&scene.object.status) == Some(Phase::Submitted), "{scene:#?}");
    let wait = Duration::from_secs(5);
    let wake = Some(plan.wake.map_or(wait, |wake| wake.min(wait)));
    assert_eq!(paced, Plan { status: None, wake, ..plan.clone() }, "{scene:#?}");
    let later = scene.clone().now(scene.now + 5);
    assert_eq!(later.clone().told(scene.now).plan(), later.plan(), "{scene:#?}");
}

/// Where somebody else wrote a status since our latest one, ours waits for a minute, unless it is the record of a job or
/// the end. What is done does not change, and after the minute the plan is the same.
fn two_writers_take_turns(scene: &Scene, plan: &Plan) {
    if plan.status.is_none() {
        return;
    }
    let paced = scene.clone().overwritten(scene.now).plan();
    let later = scene.clone().now(scene.now + 60);
    assert_eq!(later.clone().overwritten(scene.now).plan(), later.plan(), "{scene:#?}");
    if paced == *plan {
        let status = plan.status.as_ref().unwrap();
        let before = scene.object.status.clone().unwrap_or_default();
        let is_end = status.phase.is_some_and(Phase::is_terminal) && before.phase != status.phase;
        let acts =
            !matches!(plan.step, Step::Rest | Step::SearchByName(_) | Step::Look(_) | Step::ReadParts(_));
        let is_record = status.job_id.is_some() && before.job_id != status.job_id;
        assert!(is_end || is_record || acts, "{scene:#?}");
        return;
    }
    assert_eq!((&paced.step, &paced.follow, &paced.status), (&plan.step, &plan.follow, &None), "{scene:#?}");
    assert!(paced.wake.is_some_and(|wake| wake <= Duration::from_mins(1)), "{scene:#?}");
}

/// Without a claim, ours or lost, and without an attempt, whether a job ran is no question, however long the object waits.
fn what_was_never_sent_is_never_given_up(scene: &Scene, plan: &Plan) {
    let object = &scene.object;
    let has_trace = object.metadata.finalizers.is_some() || object.status.is_some() || scene.has_attempted();
    let is_unknown = |reason: &str| reason == "SubmissionUnknown";
    let gives_up = plan.status.iter().flat_map(|status| &status.conditions).any(|c| is_unknown(&c.reason));
    assert!(has_trace || !gives_up, "{scene:#?}");
}

fn leads_on_or_rests_for_a_reason(scene: &Scene, plan: &Plan) {
    assert!(plan.cause.is_some(), "no cause: {plan:#?} {scene:#?}");
    if plan.step != Step::Rest || plan.wake.is_some() || plan.follow.is_some() {
        return;
    }
    let object = &scene.object;
    let after = plan.status.clone().or(object.status.clone()).unwrap_or_default();
    let has_ended =
        after.conditions.iter().any(|c| (c.type_ == "Complete" || c.type_ == "Failed") && c.status == "True");
    let is_held = object.spec.suspend == Some(true) || object.spec.managed_by.is_some();
    assert!(has_ended || is_held || object.metadata.deletion_timestamp.is_some(), "{scene:#?}\n{plan:#?}");
}
