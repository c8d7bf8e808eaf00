//! What people meet in the field, given to one operator at once: each object comes to its right state, and the operator
//! stays well.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use aws_batch_operator::aws::Batch;
use aws_batch_operator::job::{EndKind, JobId};
use batch_double::{Behaviour, Config, Containers, Definition, Fault, Kind, Queue, When};
use serde_json::{Value, json};

use crate::mirrored::endpoint::client;
use crate::operator::{Operator, command};
use crate::stage::{Stage, plane};

const SOON: Duration = Duration::from_secs(40);
/// A minute of failures, and the longest pause of the tracker.
const TOLD_WITHIN: Duration = Duration::from_mins(3);
const RACING: usize = 20;
const TIME_LIMIT: &str =
    "Canceled by JobStateTimeLimit action due to reason: CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY";

/// Queues with these names, and jobs that do what jobs have done to people.
fn stage() -> Stage {
    let stage = Stage::with("field", &Config { queues: vec!["q".to_owned()], ..Config::default() });
    let spot = Behaviour {
        failing_attempts: 1,
        runnable_ms: 3_000,
        reason: Some("Host EC2 (i-0) terminated.".to_owned()),
        ..Behaviour::runs(6_000)
    };
    let undetermined = "UNDETERMINED - Batch job is blocked, root cause is undetermined.";
    for (definition, behaviour) in [
        ("talks", Behaviour { reason: Some("x".repeat(1025)), ..Behaviour::fails(1) }),
        ("races", Behaviour { runnable_ms: 4_000, ..Behaviour::runs(60_000) }),
        ("spot", spot),
        ("blocked", Behaviour::stuck(undetermined)),
        ("waits", Behaviour::stuck("CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - no room")),
        ("long", Behaviour::forever()),
    ] {
        stage.double.set_behaviour(definition, behaviour);
    }
    let containers = Containers::Pod(vec!["main".to_owned()]);
    stage.double.set_definition("pod", Definition { containers, ..Definition::default() });
    stage.double.set_definition("nodes", Definition { nodes: Some(2), ..Definition::default() });
    stage
}

fn object(name: &str, definition: &str, more: &Value) -> Value {
    let mut spec = json!({ "jobQueue": "q", "jobDefinition": definition });
    spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({
        "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob", "metadata": { "name": name }, "spec": spec,
    })
}

/// The same with annotations.
fn annotated(mut object: Value, annotations: &Value) -> Value {
    object["metadata"]["annotations"] = annotations.clone();
    object
}

/// What a user writes; `theirs` is the job of somebody else.
fn manifests(theirs: &str) -> Vec<Value> {
    let retries = json!({ "queueDeadlineSeconds": 6, "retryStrategy": { "attempts": 3 } });
    let mut array = retries.clone();
    array["arrayProperties"] = json!({ "size": 2 });
    let brief = json!({ "ttlSecondsAfterFinished": 1 });
    let nodes = json!({ "nodeOverrides": { "nodePropertyOverrides": [{ "targetNodes": ":" }] } });
    let command = json!({ "containerOverrides": { "command": ["x".repeat(9_000)] } });
    let mut all = vec![
        object("talks", "talks", &json!({})),
        object("spot", "spot", &retries),
        object("spot-array", "spot", &array),
        object("all-nodes", "nodes", &nodes),
        object("long-command", "quick", &command),
        object("child", "quick", &json!({ "dependsOn": [{ "name": "talks" }] })),
        object("typo", "quick", &json!({ "jobQueue": "typo", "submitDeadlineSeconds": 5 })),
        object("late", "quick", &json!({ "jobQueue": "late" })),
        object("blocked", "blocked", &json!({})),
        object("waits", "waits", &json!({})),
        annotated(object("kapp", "quick", &brief), &json!({ "kapp.k14s.io/identity": "v1;field/kapp" })),
        annotated(object("sync", "quick", &brief), &json!({ "configmanagement.gke.io/managed": "enabled" })),
        object("orphan", "long", &json!({})),
        object("runs", "long", &json!({})),
        object("pod", "pod", &json!({})),
        annotated(object("adopts", "long", &json!({})), &json!({ "awsbatch.dev/adopt": theirs })),
    ];
    let racing = json!({ "queueDeadlineSeconds": 5 });
    all.extend((0..RACING).map(|n| object(&format!("races-{n}"), "races", &racing)));
    all
}

/// `kubectl apply` of these manifests in one file.
fn apply(stage: &Stage, manifests: &[Value]) -> Result<String, controlplane::Error> {
    let file = plane().dir().join("field.json");
    std::fs::write(&file, json!({ "apiVersion": "v1", "kind": "List", "items": manifests }).to_string())
        .unwrap();
    stage.kubectl(&["apply", "-f", file.to_str().unwrap()])
}

/// What AWS never takes is refused before it is kept, by the name of its field.
fn refuse(stage: &Stage) {
    let queue = "arn:aws:batch:us-east-1:123456789012:job-queue/q";
    for (field, spec) in [
        ("tags", json!({ "tags": { "a": "x(y)" } })),
        ("spec.jobQueue", json!({ "jobQueue": format!("{queue}\n") })),
        ("spec.jobQueue", json!({ "jobQueue": "arn:aws:sqs:us-east-1:123456789012:q" })),
        ("spec.jobDefinition", json!({ "jobDefinition": queue })),
        (
            "VCPU",
            json!({ "containerOverrides": { "resourceRequirements": [{ "type": "VCPU", "value": "1.0" }] } }),
        ),
    ] {
        let refusal = apply(stage, &[object("refused", "quick", &spec)]).unwrap_err().to_string();
        assert!(refusal.contains(field), "{field}: {refusal}");
    }
    let kubeconfig = plane().kubeconfig();
    let mut check = command(stage, "check", &kubeconfig);
    let said = check.args(["--cluster-id", "prod (eu), 50%"]).output().unwrap();
    assert!(!said.status.success() && String::from_utf8(said.stderr).unwrap().contains("--cluster-id"));
}

/// A denial that is as long as AWS writes them is told with its cause and the way out.
fn deny(stage: &Stage) {
    let cause = format!("not authorized to perform: batch:SubmitJob on resource: {}", "r".repeat(390));
    let denied = Fault::always("SubmitJob", Kind::Denied, When::Before);
    stage.double.set_faults(vec![Fault { text: Some(cause.clone()), ..denied }]);
    apply(stage, &[object("denied", "quick", &json!({}))]).unwrap();
    stage.wait(SOON, "cause and way out are told", || {
        let reason = stage.get("denied").status.unwrap_or_default().reason.unwrap_or_default();
        reason.contains(&"r".repeat(390)) && reason.contains("batch:TagResource")
    });
    stage.double.clear_faults();
}

/// Waits until a condition is so, for that reason.
fn wait_for(stage: &Stage, name: &str, kind: &str, is: &str, reason: &str) {
    stage.wait(TOLD_WITHIN, &format!("{name}: {kind}={is} {reason}"), || {
        let conditions = stage.get(name).status.unwrap_or_default().conditions;
        conditions.iter().any(|c| c.type_ == kind && c.status == is && c.reason == reason)
    });
}

/// Each object is in the state that is right for it.
fn judge(stage: &Stage) {
    stage.wait_for_phase("races-0", Phase::Running, SOON);
    wait_for(stage, "late", "Submitted", "False", "Refused");
    stage.double.set_queue("late", Queue::default());
    stage.wait_for_phase("late", Phase::Succeeded, SOON);
    wait_for(stage, "waits", "Schedulable", "False", "Capacity");
    let id = JobId::new(stage.get("waits").status.unwrap().job_id.unwrap()).unwrap();
    let aws = client(&stage.double.url());
    stage.runtime.block_on(aws.end(EndKind::Cancel, &[id], TIME_LIMIT)).unwrap();
    for (name, reason) in [
        ("talks", "JobFailed"),
        ("spot", "JobSucceeded"),
        ("spot-array", "JobSucceeded"),
        ("all-nodes", "JobSucceeded"),
        ("long-command", "JobSucceeded"),
        ("typo", "SubmitDeadlineExceeded"),
        ("waits", "JobStateTimeLimit"),
        ("kapp", "JobSucceeded"),
        ("sync", "JobSucceeded"),
        ("pod", "JobSucceeded"),
        ("denied", "JobSucceeded"),
    ] {
        wait_for(stage, name, "Finished", "True", reason);
        let status = stage.get(name).status.unwrap();
        let is_success = i32::from(reason == "JobSucceeded");
        assert_eq!((status.succeeded, status.failed), (Some(is_success), Some(1 - is_success)), "{name}");
    }
    // Its parent may have had a job by then: AWS fails it, or we do.
    stage.wait_for_phase("child", Phase::Failed, SOON);
    assert_eq!(stage.get("child").status.unwrap().failed, Some(1));
    wait_for(stage, "blocked", "Schedulable", "False", "Undetermined");
    assert_eq!(stage.get("spot").status.unwrap().attempts, Some(2));
    let pod = stage.get("pod").status.unwrap().pod.unwrap();
    assert!(pod.name.is_some() && pod.namespace.is_some() && pod.node.is_some() && pod.cluster.is_some());
    assert_eq!(stage.get("adopts").status.unwrap().job_id, None);
    let events = stage.kubectl(&["get", "events", "-o", "jsonpath={.items[*].reason}"]).unwrap();
    let told = |reason: &str| events.split(' ').filter(|told| *told == reason).count();
    assert_eq!((told("OverridesTooLong"), told("TtlIgnored"), told("WriteRefused")), (1, 2, 0), "{events}");
}

/// AWS answers every look with nothing in it: the objects say so, and nothing is taken for gone.
fn answer_nothing(stage: &Stage) {
    stage.double.set_faults(vec![Fault::always("DescribeJobs", Kind::Empty, When::Before)]);
    wait_for(stage, "runs", "Observed", "False", "Unreachable");
    assert_eq!(stage.get("runs").status.unwrap().phase, Some(Phase::Running));
    stage.double.clear_faults();
    for n in 0..RACING {
        stage.wait_for_phase(&format!("races-{n}"), Phase::Succeeded, TOLD_WITHIN);
    }
}

/// Whoever deletes everything ends the jobs of the objects, and nobody else's.
fn delete(stage: &Stage, theirs: &str) {
    stage.kubectl(&["delete", "bj", "orphan", "--cascade=orphan", "--timeout=30s"]).unwrap();
    stage.kubectl(&["delete", "bj", "--all", "--timeout=60s"]).unwrap();
    stage.wait(SOON, "all jobs but theirs have ended", || {
        let jobs = stage.double.jobs();
        let mut open = jobs.iter().filter(|job| !["SUCCEEDED", "FAILED"].contains(&job.status.as_str()));
        open.all(|job| job.id == theirs)
    });
    assert!(stage.double.jobs().iter().any(|job| job.id == theirs && job.status == "RUNNING"));
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn one_operator_survives_all_that_people_meet_in_the_field() {
    let stage = stage();
    let job = json!({ "jobName": "theirs", "jobQueue": "q", "jobDefinition": "long" });
    let theirs = stage.double.submit(&job).unwrap();
    let mut operator = Operator::ready(&stage, &[]);
    refuse(&stage);
    deny(&stage);
    apply(&stage, &manifests(&theirs)).unwrap();
    judge(&stage);
    answer_nothing(&stage);
    delete(&stage, &theirs);

    stage.create("afterwards", json!({ "jobQueue": "q", "jobDefinition": "quick" }));
    stage.wait_for_phase("afterwards", Phase::Succeeded, SOON);
    assert!(operator.is_running() && operator.leads());
    for path in ["/livez", "/readyz"] {
        assert_eq!(operator.get(path).unwrap().0, 200, "{path}");
    }
    let metrics = operator.get("/metrics").unwrap().1;
    let broken = ["refused_writes_total{", "panicked", "decode"];
    assert!(!broken.iter().any(|word| metrics.contains(word)), "{metrics}");
}
