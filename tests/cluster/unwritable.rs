//! What the API server does not take for good, a status or a claim: told, and in nobody's way.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::Behaviour;
use serde_json::{Value, json};

use crate::operator::Operator;
use crate::stage::{Stage, plane};

const SOON: Duration = Duration::from_secs(40);

/// A policy of this name, for the namespace of the same name: updates of the resource need the expression to be true.
fn policy(namespace: &str, resource: &str, expression: &str) -> String {
    let policy = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy",
        "metadata": { "name": namespace },
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {
                "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": namespace } },
                "resourceRules": [{
                    "apiGroups": ["awsbatch.dev"], "apiVersions": ["*"], "operations": ["UPDATE"],
                    "resources": [resource],
                }],
            },
            "validations": [{ "expression": expression, "message": "not in this house" }],
        },
    });
    let binding = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": { "name": namespace },
        "spec": { "policyName": namespace, "validationActions": ["Deny"] },
    });
    json!({ "apiVersion": "v1", "kind": "List", "items": [policy, binding] }).to_string()
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_status_that_a_policy_denies_is_told_and_holds_up_neither_the_deletion_nor_others() {
    let stage = Stage::new("unwritable");
    let file = std::env::temp_dir().join(format!("unwritable-{}.json", std::process::id()));
    std::fs::write(&file, policy("unwritable", "batchjobs/status", "object.metadata.name != 'denied'"))
        .unwrap();
    plane().run(&["apply", "-f", file.to_str().unwrap()]).unwrap();
    // The API server takes a policy up in its own time.
    stage.create("probe", json!({ "jobQueue": "q", "jobDefinition": "quick", "suspend": true }));
    stage.kubectl(&["delete", "bj", "probe"]).unwrap();
    stage.create("denied", json!({ "jobQueue": "q", "jobDefinition": "long", "suspend": true }));
    let write = [
        "patch",
        "bj",
        "denied",
        "--subresource=status",
        "--type=merge",
        "-p",
        r#"{"status":{"phase":"Pending"}}"#,
        "--dry-run=server",
    ];
    stage.wait(SOON, "the policy is in force", || stage.kubectl(&write).is_err());
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("long", Behaviour::forever());
    stage.patch("denied", &json!({ "spec": { "suspend": false } }));
    stage.wait(SOON, "AWS has its job", || stage.double.accepted() == 1);
    let told = [
        "get",
        "events",
        "--field-selector",
        "reason=WriteRefused",
        "-o",
        "jsonpath={.items[*].message}{.items[*].note}",
    ];
    stage.wait(SOON, "an Event tells in the API server's words", || {
        stage.kubectl(&told).unwrap().contains("not in this house")
    });
    stage.create("other", json!({ "jobQueue": "q", "jobDefinition": "quick" }));
    stage.wait_for_phase("other", Phase::Succeeded, SOON);
    assert_eq!(stage.double.accepted(), 2, "one each");
    stage.kubectl(&["delete", "bj", "denied", "--timeout=40s"]).unwrap();
    let ended = stage.double.jobs().into_iter().find(|job| job.name == "denied").unwrap();
    assert_eq!(ended.status, "FAILED", "the deletion has ended its job");
    plane().run(&["delete", "-f", file.to_str().unwrap()]).unwrap();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn the_end_of_a_job_is_told_though_its_finalizer_cannot_be_removed() {
    let stage = Stage::new("unreleased");
    stage.double.set_behaviour("long", Behaviour::forever());
    let _operator = Operator::ready(&stage, &[]);
    stage.create("held", json!({ "jobQueue": "q", "jobDefinition": "long" }));
    stage.wait_for_phase("held", Phase::Running, SOON);
    let keeps = "!has(oldObject.metadata.finalizers) || has(object.metadata.finalizers)";
    let file = std::env::temp_dir().join(format!("unreleased-{}.json", std::process::id()));
    std::fs::write(&file, policy("unreleased", "batchjobs", keeps)).unwrap();
    plane().run(&["apply", "-f", file.to_str().unwrap()]).unwrap();
    let patch = r#"{"metadata":{"finalizers":null}}"#;
    let release = ["patch", "bj", "held", "--type=merge", "-p", patch, "--dry-run=server"];
    stage.wait(SOON, "the policy is in force", || stage.kubectl(&release).is_err());
    let id = stage.get("held").status.unwrap().job_id.unwrap();
    stage.double.terminate(&id);
    stage.wait_for_phase("held", Phase::Failed, SOON);
    let told = |reason: &str| {
        let filter = format!("reason={reason},involvedObject.name=held");
        let told = ["get", "events", "--field-selector", &filter, "-o", "jsonpath={.items[*].message}"];
        stage.kubectl(&told).unwrap()
    };
    stage.wait(SOON, "an Event tells of the refusal", || told("WriteRefused").contains("not in this house"));
    assert!(told("JobFailed").contains(&id), "an Event tells of the end");
    plane().run(&["delete", "-f", file.to_str().unwrap()]).unwrap();
}

/// An object with this label and an annotation of so many bytes.
fn with(name: &str, label: &str, annotation: usize) -> Value {
    json!({
        "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
        "metadata": { "name": name, "labels": { "webhook": label }, "annotations": { "note": "n".repeat(annotation) } },
        "spec": { "jobQueue": "q", "jobDefinition": "quick" },
    })
}

/// Admission webhooks at which nobody listens: for updates of what each label is about.
fn webhooks_that_are_down(name: &str, labels: [(&str, &str); 2]) -> String {
    let webhooks = labels.map(|(label, resource)| {
        json!({
            "name": format!("{label}.example.com"), "clientConfig": { "url": "https://127.0.0.1:1/" },
            "failurePolicy": "Fail", "sideEffects": "None", "admissionReviewVersions": ["v1"],
            "objectSelector": { "matchLabels": { "webhook": label } },
            "rules": [{
                "apiGroups": ["awsbatch.dev"], "apiVersions": ["*"], "operations": ["UPDATE"],
                "resources": [resource],
            }],
        })
    });
    json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
        "metadata": { "name": name }, "webhooks": webhooks,
    })
    .to_string()
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_claim_or_a_status_that_cannot_be_written_is_told_and_holds_up_no_other() {
    let stage = Stage::new("no-claim");
    let file = std::env::temp_dir().join(format!("no-claim-{}.json", std::process::id()));
    let webhooks =
        webhooks_that_are_down("no-claim", [("claims", "batchjobs"), ("statuses", "batchjobs/status")]);
    std::fs::write(&file, webhooks).unwrap();
    plane().run(&["apply", "-f", file.to_str().unwrap()]).unwrap();
    // Annotations are full, and the claim is one of them.
    stage.create_raw(with("annotated", "none", 262_144 - "note".len()));
    stage.create_raw(with("unclaimed", "claims", 1));
    stage.create_raw(with("untold", "statuses", 1));
    let label = ["label", "bj", "unclaimed", "a=b", "--dry-run=server"];
    stage.wait(SOON, "the webhooks are in force", || stage.kubectl(&label).is_err());
    let _operator = Operator::ready(&stage, &[]);
    stage.create("other", json!({ "jobQueue": "q", "jobDefinition": "quick" }));
    stage.wait_for_phase("other", Phase::Succeeded, SOON);
    for (name, reason, says) in [
        ("annotated", "WriteRefused", "may not be more than 262144 bytes"),
        ("unclaimed", "Unreachable", "failed calling webhook"),
        ("untold", "WriteFailed", "failed calling webhook"),
    ] {
        let filter = format!("reason={reason},involvedObject.name={name}");
        let told = ["get", "events", "--field-selector", &filter, "-o", "jsonpath={.items[*].message}"];
        stage.wait(SOON, &format!("an Event tells of {name}"), || {
            stage.kubectl(&told).unwrap().contains(says)
        });
    }
    assert_eq!(stage.double.accepted(), 2, "what is not claimed is not sent");
    plane().run(&["delete", "-f", file.to_str().unwrap()]).unwrap();
    stage.wait(SOON, "it is sent once the webhooks are gone", || stage.double.accepted() == 3);
}
