//! Objects in every state of their life, as `kubectl get -o yaml` shows them: written into `deploy/argocd` on demand, and
//! compared with what is there. Health checks and actions are tested on these.
//!
//! To write them: `UPDATE_GOLDEN=1 cargo test --workspace --locked --test gitops captured -- --ignored`

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use aws_batch_operator::api::BatchJobStatus;
use batch_double::{Behaviour, Config, Fault, Kind, When};
use serde_json::{Value, json};

use crate::mask::masked;
use crate::operator::Operator;
use crate::stage::Stage;

const SOON: Duration = Duration::from_secs(30);

/// Where the captured objects are.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("deploy/argocd/resource_customizations/awsbatch.dev/BatchJob")
}

/// One state: the name of object and file, the spec, and what its status says by then.
struct Case {
    name: &'static str,
    spec: Value,
    is_there: fn(&BatchJobStatus) -> bool,
}

fn says(status: &BatchJobStatus, kind: &str, reason: &str) -> bool {
    status.conditions.iter().any(|condition| condition.type_ == kind && condition.reason == reason)
}

fn is_in(status: &BatchJobStatus, job_status: &str) -> bool {
    status.job_status.as_deref() == Some(job_status)
}

fn spec(definition: &str, more: Value) -> Value {
    let mut spec = json!({ "jobQueue": "q", "jobDefinition": definition });
    spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    spec
}

/// What needs nothing but its spec.
fn cases() -> Vec<Case> {
    let case = |name, spec, is_there: fn(&BatchJobStatus) -> bool| Case { name, spec, is_there };
    vec![
        case("suspended", spec("quick", json!({ "suspend": true })), |status| {
            says(status, "Suspended", "Suspended")
        }),
        case("waiting", spec("quick", json!({ "dependsOn": [{ "name": "prepare" }] })), |status| {
            says(status, "Reconciling", "WaitingForDependencies")
        }),
        case("refused", json!({ "jobQueue": "typo", "jobDefinition": "quick" }), |status| {
            says(status, "Stalled", "Refused")
        }),
        case("submitted", spec("stuck", json!({})), |status| {
            status.reason.is_some() && is_in(status, "RUNNABLE")
        }),
        case("running", spec("long", json!({})), |status| is_in(status, "RUNNING")),
        case("running-array", spec("long", json!({ "arrayProperties": { "size": 3 } })), |status| {
            let summary = status.array.as_ref().and_then(|array| array.status_summary.as_ref());
            summary.is_some_and(|summary| summary.get("RUNNING") == Some(&3))
        }),
        case("succeeded", spec("quick", json!({})), |status| says(status, "Complete", "JobSucceeded")),
        case("failed", spec("out-of-memory", json!({})), |status| says(status, "Failed", "JobFailed")),
        case("failed-dependency", spec("quick", json!({ "dependsOn": [{ "name": "failed" }] })), |status| {
            says(status, "Failed", "DependencyFailed")
        }),
        case("failed-deadline", spec("long", json!({ "activeDeadlineSeconds": 1 })), |status| {
            says(status, "Failed", "DeadlineExceeded")
        }),
    ]
}

/// What needs AWS to answer in this way.
fn troubles() -> [(Kind, Case); 4] {
    let case = |name, more: Value, is_there: fn(&BatchJobStatus) -> bool| Case {
        name,
        spec: spec("quick", more),
        is_there,
    };
    [
        (Kind::Denied, case("denied", json!({}), |status| says(status, "Stalled", "AccessDenied"))),
        (Kind::Throttled, case("throttled", json!({}), |status| says(status, "Reconciling", "Throttled"))),
        (Kind::Drop, case("unconfirmed", json!({}), |status| says(status, "Reconciling", "Unconfirmed"))),
        (
            Kind::Drop,
            case("unknown", json!({ "submissionPolicy": "AtMostOnce" }), |status| {
                says(status, "Failed", "SubmissionUnknown")
            }),
        ),
    ]
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn captured_objects_are_what_the_operator_writes() {
    let known = ["quick", "long", "stuck", "out-of-memory"].map(str::to_owned).to_vec();
    let stage = Stage::with(
        "team",
        &Config { queues: vec!["q".to_owned()], definitions: known, fresh_ms: 5_000, ..Config::default() },
    );
    stage.double.set_behaviour("long", Behaviour::forever());
    stage.double.set_behaviour("stuck", Behaviour::stuck("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT"));
    let reason = Some("OutOfMemoryError: container killed due to memory usage".to_owned());
    stage.double.set_behaviour("out-of-memory", Behaviour { reason, ..Behaviour::fails(137) });
    let mut outdated = Vec::new();
    // Before anybody has seen them.
    stage.create("new", spec("quick", json!({})));
    outdated.extend(capture(&stage, "new"));
    let flags = ["--visibility-window", "5s", "--signature-life", "6s", "--identity", "aws-batch-operator-0"];
    let _operator = Operator::ready(&stage, &flags);
    for case in cases() {
        outdated.extend(reach(&stage, &case));
    }
    changed_after_its_end(&stage);
    outdated.extend(capture(&stage, "succeeded-changed"));
    deleted_while_it_runs(&stage);
    outdated.extend(capture(&stage, "deleting"));
    for (kind, case) in troubles() {
        stage.double.set_faults(vec![Fault::always("SubmitJob", kind, When::Before)]);
        outdated.extend(reach(&stage, &case));
        stage.double.clear_faults();
    }
    outputs(&stage);
    let outdated = outdated.join("\n");
    assert!(outdated.is_empty(), "stale in deploy/argocd (write them with UPDATE_GOLDEN=1): {outdated}");
}

/// Brings an object into the state and captures it.
fn reach(stage: &Stage, case: &Case) -> Option<String> {
    stage.create(case.name, case.spec.clone());
    stage
        .wait(SOON, case.name, || stage.get(case.name).status.is_some_and(|status| (case.is_there)(&status)));
    capture(stage, case.name)
}

/// Members of ours may change when the job has ended; then the status tells of the new generation.
fn changed_after_its_end(stage: &Stage) {
    let name = "succeeded-changed";
    stage.create(name, spec("quick", json!({})));
    let ended = || stage.get(name).status.is_some_and(|status| says(&status, "Complete", "JobSucceeded"));
    stage.wait(SOON, "it ends", ended);
    stage.patch(name, &json!({ "spec": { "deletionPolicy": "Retain" } }));
    stage.wait(SOON, "the status tells of the new generation", || {
        let object = stage.get(name);
        object.metadata.generation == object.status.unwrap().observed_generation
    });
}

fn deleted_while_it_runs(stage: &Stage) {
    stage.create("deleting", spec("long", json!({ "deletionPolicy": "Cancel" })));
    let runs = || stage.get("deleting").status.is_some_and(|status| is_in(&status, "RUNNING"));
    stage.wait(SOON, "it runs", runs);
    stage.kubectl(&["delete", "bj", "deleting", "--wait=false"]).unwrap();
}

/// Compares the object with its file, or writes the file; answers what is outdated.
fn capture(stage: &Stage, name: &str) -> Option<String> {
    let now = stage.kubectl(&["get", "bj", name, "-o", "yaml"]).unwrap();
    let path = folder().join(format!("testdata/{name}.yaml"));
    let then = fs::read_to_string(&path).unwrap_or_default();
    if masked(&then) == masked(&now) {
        return None;
    }
    if stand::is_update() {
        fs::write(path, now).unwrap();
        return None;
    }
    Some(format!("{name}.yaml\n{}", stand::diff(&masked(&then), &masked(&now))))
}

/// The objects that the actions should make of the captured ones, as the API server would have them.
fn outputs(stage: &Stage) {
    if !stand::is_update() {
        return;
    }
    for (name, action, change) in [
        ("waiting", "suspend", json!({ "suspend": true })),
        ("suspended", "resume", json!({ "suspend": false })),
        ("running", "terminate", json!({ "activeDeadlineSeconds": 1 })),
        ("running", "retain", json!({ "deletionPolicy": "Retain" })),
    ] {
        let input = format!("{}/testdata/{name}.yaml", folder().display());
        let patch = json!({ "spec": change }).to_string();
        let changed = stage
            .kubectl(&["patch", "--local", "-f", &input, "--type=merge", "-p", &patch, "-o", "yaml"])
            .unwrap();
        fs::write(folder().join(format!("actions/testdata/{name}-{action}.yaml")), changed).unwrap();
    }
}
