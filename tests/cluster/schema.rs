//! The CRD on a real API server: what it takes, what it refuses and in which words, and what it lets change.

mod paths;

use std::collections::BTreeMap;
use std::time::Duration;

use aws_batch_operator::api::{BatchJob, BatchJobStatus, OWN_MEMBERS, Phase, REQUEST_MEMBERS};
use aws_batch_operator::controller::status_write;
use futures::{StreamExt, stream};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Resource;
use kube::api::{DynamicObject, Patch, PatchParams, PostParams, Request};
use serde_json::{Map, Value, json};

use crate::stage::Stage;

const REFUSED: &str = include_str!("schema/refused.jsonl");
const ACCEPTED: &str = include_str!("schema/accepted.jsonl");

/// A whole object around these spec members; `null` takes one away.
pub fn object(name: &str, members: &Value) -> Value {
    let mut spec =
        Map::from_iter([("jobQueue".to_owned(), json!("q")), ("jobDefinition".to_owned(), json!("d"))]);
    for (member, value) in members.as_object().unwrap() {
        match value {
            Value::Null => spec.remove(member),
            value => spec.insert(member.clone(), value.clone()),
        };
    }
    json!({ "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob", "metadata": { "name": name }, "spec": spec })
}

/// Offers each object to the server as a dry run; its answers in order.
pub fn try_all(stage: &Stage, objects: Vec<Value>) -> Vec<Result<DynamicObject, String>> {
    let api = stage.any_api();
    let params = PostParams { dry_run: true, ..PostParams::default() };
    let one = |object: Value| {
        let (api, params) = (api.clone(), params.clone());
        async move {
            let object: DynamicObject = serde_json::from_value(object).unwrap();
            api.create(&params, &object).await.map_err(|error| error.to_string())
        }
    };
    stage.runtime.block_on(stream::iter(objects).map(one).buffered(16).collect())
}

/// `@16000` stands for a string of so many characters.
fn lines(text: &str) -> Vec<Value> {
    let text = text.replace("@16000", &"x".repeat(16_000));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn what_is_wrong_is_refused_by_the_name_of_its_field() {
    let stage = Stage::new("refused-specs");
    let cases = lines(REFUSED);
    assert!(cases.len() >= 60);
    let answers = try_all(&stage, cases.iter().map(|case| object("x", &case["spec"])).collect());
    for (case, answer) in cases.iter().zip(answers) {
        let (names, says) = (case["names"].as_str().unwrap(), case["says"].as_str().unwrap());
        let refusal = answer.expect_err(&format!("was accepted: {case}"));
        assert!(refusal.contains(names) && refusal.contains(says), "{names} / {says}:\n{refusal}");
    }
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn what_aws_takes_is_accepted_and_kept_as_it_is() {
    let stage = Stage::new("accepted-specs");
    let cases = lines(ACCEPTED);
    assert!(cases.len() >= 30);
    let answers = try_all(&stage, cases.iter().map(|case| object("x", case)).collect());
    for (case, answer) in cases.iter().zip(answers) {
        let accepted = answer.unwrap_or_else(|refusal| panic!("{case}\n{refusal}"));
        assert_eq!(
            accepted.data["spec"],
            object("x", case)["spec"],
            "nothing is added, dropped or rewritten"
        );
        serde_json::from_value::<BatchJob>(serde_json::to_value(&accepted).unwrap()).unwrap();
    }
}

/// A value for each member, and another one.
fn samples() -> BTreeMap<&'static str, (Value, Value)> {
    let pairs = [
        ("jobName", json!("a"), json!("b")),
        ("jobQueue", json!("a"), json!("b")),
        ("jobDefinition", json!("a"), json!("b")),
        ("shareIdentifier", json!("a"), json!("b")),
        ("schedulingPriorityOverride", json!(1), json!(2)),
        ("arrayProperties", json!({ "size": 2 }), json!({ "size": 3 })),
        ("dependsOn", json!([{ "jobId": "a" }]), json!([{ "jobId": "b" }])),
        ("parameters", json!({ "a": "b" }), json!({ "a": "c" })),
        ("containerOverrides", json!({ "vcpus": 1 }), json!({ "vcpus": 2 })),
        ("nodeOverrides", json!({ "numNodes": 2 }), json!({ "numNodes": 3 })),
        ("retryStrategy", json!({ "attempts": 1 }), json!({ "attempts": 2 })),
        ("propagateTags", json!(true), json!(false)),
        ("timeout", json!({ "attemptDurationSeconds": 60 }), json!({ "attemptDurationSeconds": 61 })),
        ("tags", json!({ "a": "b" }), json!({ "a": "c" })),
        ("eksPropertiesOverride", json!({}), json!({ "podProperties": {} })),
        ("ecsPropertiesOverride", json!({}), json!({ "taskProperties": [{}] })),
        ("consumableResourcePropertiesOverride", json!({}), json!({ "consumableResourceList": [] })),
        ("suspend", json!(true), json!(false)),
        ("deletionPolicy", json!("Retain"), json!("Terminate")),
        ("ttlSecondsAfterFinished", json!(1), json!(2)),
        ("submitDeadlineSeconds", json!(1), json!(2)),
        ("queueDeadlineSeconds", json!(1), json!(2)),
        ("activeDeadlineSeconds", json!(1), json!(2)),
        ("submissionPolicy", json!("AtMostOnce"), json!("EffectivelyOnce")),
        ("managedBy", json!("a"), json!("b")),
    ];
    pairs.into_iter().map(|(member, one, other)| (member, (one, other))).collect()
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn request_members_never_change_and_the_others_may() {
    let stage = Stage::new("immutable");
    let samples = samples();
    let mutable = OWN_MEMBERS.into_iter().filter(|(_, mutable)| *mutable).map(|(member, _)| member);
    let mutable: Vec<_> = mutable.collect();
    for member in REQUEST_MEMBERS.into_iter().chain(OWN_MEMBERS.map(|(member, _)| member)) {
        let (one, other) = &samples[member];
        let (with, without) =
            (format!("with-{member}").to_lowercase(), format!("without-{member}").to_lowercase());
        stage.create_object(object(&with, &json!({ member: one })));
        let mut changes = vec![(&with, other), (&with, &Value::Null)];
        if !matches!(member, "jobQueue" | "jobDefinition") {
            stage.create_object(object(&without, &json!({})));
            changes.push((&without, one));
        }
        for (name, value) in changes {
            let patch = Patch::Merge(json!({ "spec": { member: value } }));
            let params = PatchParams { dry_run: true, ..PatchParams::default() };
            let answer = stage.runtime.block_on(stage.any_api().patch(name, &params, &patch));
            match answer {
                Ok(_) => assert!(mutable.contains(&member), "{member} became {value}"),
                Err(error) => {
                    let text = error.to_string();
                    let is_named = text.contains(&format!("spec.{member}"));
                    let says = text.contains("is immutable") || text.contains("Required value");
                    assert!(!mutable.contains(&member) && is_named && says, "{member} to {value}: {text}");
                }
            }
        }
    }
}

/// As many members are set after the write as before.
#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_member_is_not_exchanged_for_another() {
    let stage = Stage::new("exchanged");
    stage.create_object(object("a", &json!({ "jobName": "n", "suspend": true })));
    let params = PatchParams { dry_run: true, ..PatchParams::default() };
    let change = |spec: Value| {
        let patch = Patch::Merge(json!({ "spec": spec }));
        stage.runtime.block_on(stage.any_api().patch("a", &params, &patch)).map_err(|error| error.to_string())
    };
    let text = change(json!({ "jobName": null, "tags": { "k": "v" } })).unwrap_err();
    assert!(text.contains("spec.jobName is immutable; spec.tags is immutable; create a new"), "{text}");
    let text = change(json!({ "suspend": null, "submissionPolicy": "AtMostOnce" })).unwrap_err();
    assert!(text.contains("spec.submissionPolicy is immutable; create a new"), "{text}");
    change(json!({ "suspend": null, "deletionPolicy": "Retain" })).unwrap();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn kubectl_explains_lists_and_selects() {
    let stage = Stage::new("kubectl");
    stage.create("a", json!({ "jobQueue": "red", "jobDefinition": "d" }));
    stage.create("b", json!({ "jobQueue": "blue", "jobDefinition": "d" }));
    let explained = stage.kubectl(&["explain", "batchjobs.spec.retryStrategy.attempts"]).unwrap();
    assert!(explained.contains("1 to 10"), "{explained}");
    let selected =
        stage.kubectl(&["get", "bj", "--field-selector", "spec.jobQueue=blue", "-o", "name"]).unwrap();
    assert_eq!(selected.trim(), "batchjob.awsbatch.dev/b");
    // Before anyone has looked at it, an object is pending, to people and to kstatus.
    let pending =
        stage.kubectl(&["get", "bj", "--field-selector", "status.phase=Pending", "-o", "name"]).unwrap();
    assert_eq!(pending.lines().count(), 2);
    assert_eq!(stage.get("a").status.unwrap().observed_generation, Some(-1));
    stage.wait(Duration::from_secs(5), "the table", || {
        stage.kubectl(&["get", "bj"]).unwrap().starts_with("NAME   PHASE     STATUS   QUEUE")
    });
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_status_is_written_for_one_version_and_changes_nothing_else() {
    let stage = Stage::new("old-version");
    stage.create("a", json!({ "jobQueue": "q", "jobDefinition": "d", "parameters": { "of": "the user" } }));
    let old = stage.get("a");
    stage.patch("a", &json!({ "metadata": { "labels": { "someone": "else" } } }));
    let write = |object: &BatchJob| {
        let status = BatchJobStatus { phase: Some(Phase::Running), ..BatchJobStatus::default() };
        let body = status_write(object, &status).unwrap();
        let path = BatchJob::url_path(&(), Some(&stage.namespace));
        let request = Request::new(path).replace_subresource("status", "a", &PostParams::default(), body);
        stage.runtime.block_on(stage.api().into_client().request::<BatchJob>(request.unwrap()))
    };
    assert!(matches!(write(&old), Err(kube::Error::Api(status)) if status.is_conflict()));
    let before = stage.get("a");
    let after = write(&before).unwrap();
    assert_eq!(after.status.unwrap().phase, Some(Phase::Running));
    let rest = |object: BatchJob| {
        let metadata = ObjectMeta { managed_fields: None, resource_version: None, ..object.metadata };
        (serde_json::to_value(metadata).unwrap(), serde_json::to_value(object.spec).unwrap())
    };
    assert_eq!(rest(stage.get("a")), rest(before));
}
