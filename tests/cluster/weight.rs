//! What objects cost in memory: as heavy as the API server takes them, and as people write them. `docs/sizing.md` has its
//! numbers from here.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::{Behaviour, JobView};
use futures::{StreamExt, stream};
use kube::api::{DynamicObject, PostParams};
use serde_json::{Value, json};

use crate::operator::Operator;
use crate::stage::Stage;

/// The container's limit in the chart, in MiB.
const LIMIT: u64 = 256;
/// A machine that is busy with the crowd on both sides is slow: what counts is who comes first.
const LONG: Duration = Duration::from_mins(3);
/// A namespace's share of the writes at once while the API server is slow with them.
const SHARE: usize = 8;
/// What a job waits for, each as slow as a write of the crowd on a busy machine: its creation, the watch, the claim, and the
/// submission.
const STEPS: usize = 4;
/// So many jobs of the other namespace are submitted one after the other. At the bound, the crowd is just large enough.
const OTHERS: usize = 6;
/// Passes at once, and some that follow while the other's object is on its way through the watch.
const ON_THEIR_WAY: usize = 64 + 16;

/// Creates objects of this namespace, a few at a time.
fn create(stage: &Stage, objects: impl Iterator<Item = Value>) {
    let api = stage.any_api();
    let one = |object: Value| {
        let api = api.clone();
        let object: DynamicObject = serde_json::from_value(object).unwrap();
        async move { drop(api.create(&PostParams::default(), &object).await.unwrap()) }
    };
    stage.runtime.block_on(stream::iter(objects.map(one)).buffer_unordered(16).collect::<Vec<()>>());
}

fn object(name: &str, metadata: Value, spec: Value) -> Value {
    let mut object = json!({
        "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob", "metadata": metadata, "spec": spec,
    });
    object["metadata"]["name"] = json!(name);
    object
}

fn quick() -> Value {
    json!({ "jobQueue": "q", "jobDefinition": "quick" })
}

/// Heavy in what no schema bounds: 1,640 labels of 380 bytes each, which the managedFields name again, and an annotation as
/// long as may be. 1.4 MB in all; etcd takes little more.
fn heavy(number: usize) -> Value {
    let prefix = [63, 63, 63, 57].map(|length| "x".repeat(length)).join(".");
    let label = |n: usize| (format!("{prefix}/{n:063}"), "v".repeat(63));
    let labels: BTreeMap<_, _> = (0..1_640).map(label).collect();
    let metadata = json!({ "labels": labels, "annotations": { "note": "n".repeat(250_000) } });
    object(&format!("heavy-{number}"), metadata, quick())
}

/// One that waits for 200 names of 253 characters, of which nobody has one.
fn waiting(number: usize) -> Value {
    let label = "x".repeat(61);
    let name = |n: usize| json!({ "name": format!("{label}.{label}.{label}.{number:033}-{n:033}") });
    let parents: Vec<_> = (0..200).map(name).collect();
    let spec = json!({ "jobQueue": "q", "jobDefinition": "quick", "dependsOn": parents });
    object(&format!("waiting-{number}"), json!({}), spec)
}

/// As somebody applies it: 2 KB of request, and the annotation that kubectl leaves.
fn usual(number: usize) -> Value {
    let variable = |n: usize| json!({ "name": format!("VARIABLE_{n}"), "value": "v".repeat(60) });
    let environment: Vec<_> = (0..20).map(variable).collect();
    let spec = json!({
        "jobQueue": "q", "jobDefinition": "long",
        "containerOverrides": { "command": ["python", "main.py", "--day", "2026-11-24"], "environment": environment },
    });
    let applied = json!({ "kubectl.kubernetes.io/last-applied-configuration": spec.to_string() });
    object(&format!("usual-{number}"), json!({ "annotations": applied }), spec)
}

/// A job of another namespace goes before all of the crowd but those that were on their way, and is followed to its end.
fn others_are_served(light: &Stage, heavy: &Stage) {
    let sent = heavy.double.accepted();
    light.create("other", quick());
    let is_sent = || heavy.double.wait_for_jobs(LONG, |jobs| jobs.iter().any(|job| job.name == "other"));
    assert!(is_sent(), "the other's job is not sent");
    let before = heavy.double.jobs().iter().position(|job| job.name == "other").unwrap() - sent;
    assert!(before <= ON_THEIR_WAY, "{before} of the crowd were sent before it");
    light.wait_for_phase("other", Phase::Succeeded, LONG);
}

/// Creates some jobs, each after the submission of the one before. Answers how many jobs of the crowd were submitted between
/// the creation of each and its submission, fewest first: a count means the same on a slow machine.
fn submitted_before(light: &Stage, heavy: &Stage) -> Vec<usize> {
    let mut passed_by: Vec<_> =
        (0..OTHERS).map(|number| passed_by_one(&other(number), light, heavy)).collect();
    passed_by.sort_unstable();
    passed_by
}

fn passed_by_one(name: &str, light: &Stage, heavy: &Stage) -> usize {
    let accepted = heavy.double.accepted();
    light.create(name, quick());
    let position = |jobs: &[JobView]| jobs.iter().position(|job| job.name == name);
    assert!(heavy.double.wait_for_jobs(LONG, |jobs| position(jobs).is_some()), "{name} is not sent");
    position(&heavy.double.jobs()).unwrap() - accepted
}

fn other(number: usize) -> String {
    format!("other-{number}")
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn two_hundred_objects_as_large_as_may_be_cost_little_memory_and_hold_up_no_other() {
    const OBJECTS: usize = 200;
    let (stage, light) = (Stage::new("heavy"), Stage::new("heavy-light"));
    create(&stage, (0..OBJECTS).map(heavy));
    let operator = Operator::start(&stage, &["--watch-namespace", "heavy-light"]);
    operator.wait_until_ready(LONG);
    let passed_by = submitted_before(&light, &stage);
    assert!(stage.double.accepted() < OBJECTS + OTHERS, "the crowd was gone before: {passed_by:?}");
    let middle = passed_by[OTHERS / 2];
    assert!(middle <= STEPS * SHARE, "jobs of the crowd before each of the others: {passed_by:?}");
    let goes_on = |jobs: &[JobView]| jobs.len() >= OBJECTS / 4 + OTHERS;
    assert!(stage.double.wait_for_jobs(LONG, goes_on), "{} sent", stage.double.accepted());
    (0..OTHERS).for_each(|number| drop(light.wait_for_phase(&other(number), Phase::Succeeded, LONG)));
    let [now, most] = operator.memory();
    println!("{OBJECTS} objects of 1.4 MB: {now} MiB, {most} MiB at most");
    println!("jobs of the crowd before each of the other namespace: {passed_by:?}");
    assert!(most < LIMIT, "{most} MiB of {LIMIT}");
    assert!(operator.leads() && !operator.log().contains("no longer leading"), "{}", operator.log());
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_hundred_thousand_names_that_nobody_has_cost_little_memory_and_hold_up_no_other() {
    const OBJECTS: usize = 600;
    let (stage, other) = (Stage::new("unknown"), Stage::new("unknown-light"));
    let operator = Operator::ready(&stage, &["--watch-namespace", "unknown-light"]);
    create(&stage, (0..OBJECTS).map(waiting));
    others_are_served(&other, &stage);
    stage.wait(Duration::from_mins(1), "all wait", || {
        let is_waiting = |phase: Option<Phase>| phase == Some(Phase::Pending);
        stage.list().into_iter().all(|object| is_waiting(object.status.and_then(|status| status.phase)))
    });
    let [now, most] = operator.memory();
    println!("{OBJECTS} objects that wait for 200 names each: {now} MiB, {most} MiB at most");
    assert!(most < LIMIT, "{most} MiB of {LIMIT}");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn objects_as_people_write_them_cost_kilobytes() {
    const OBJECTS: usize = 3_000;
    /// What an object may cost at most, in KiB: `docs/sizing.md` reckons with it.
    const EACH: u64 = 14;
    /// The pages of one list: three of RUNNING, and one of each other active state.
    const LISTS: u64 = 7;
    let stage = Stage::new("usual");
    stage.double.set_behaviour("long", Behaviour::forever());
    let operator = Operator::ready(&stage, &["--submit-rate", "1000"]);
    let [idle, _] = operator.memory();
    create(&stage, (0..OBJECTS).map(usual));
    stage.wait(Duration::from_mins(10), "all run", || stage.double.accepted() == OBJECTS);
    stage.wait_until_submitted(OBJECTS, Duration::from_mins(3));
    stage.wait(LONG, "the queue is listed", || stage.double.count("ListJobs") >= LISTS);
    let [active, active_most] = operator.memory();
    drop(operator);
    let operator = Operator::ready(&stage, &[]);
    let [listed, listed_most] = operator.memory();
    println!("idle: {idle} MiB");
    println!("{OBJECTS} active objects: {active} MiB, {active_most} MiB at most");
    println!("the same after a start: {listed} MiB, {listed_most} MiB at most");
    let each = (active_most.max(listed_most) - idle) * 1024 / OBJECTS as u64;
    println!("{each} KiB an object");
    assert!(each <= EACH, "{each} KiB");
}
