//! A status that the API server refuses for good: told, and in nobody's way.

use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::Behaviour;
use serde_json::json;

use crate::operator::Operator;
use crate::stage::{Stage, plane};

const SOON: Duration = Duration::from_secs(40);

/// Nobody may write the status of a BatchJob called so.
fn deny_status_of(name: &str, namespace: &str) -> String {
    let policy = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy",
        "metadata": { "name": namespace },
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {
                "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": namespace } },
                "resourceRules": [{
                    "apiGroups": ["awsbatch.dev"], "apiVersions": ["*"], "operations": ["UPDATE"],
                    "resources": ["batchjobs/status"],
                }],
            },
            "validations": [{ "expression": format!("object.metadata.name != '{name}'"), "message": "no status in this house" }],
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
    std::fs::write(&file, deny_status_of("denied", "unwritable")).unwrap();
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
        stage.kubectl(&told).unwrap().contains("no status in this house")
    });
    stage.create("other", json!({ "jobQueue": "q", "jobDefinition": "quick" }));
    stage.wait_for_phase("other", Phase::Succeeded, SOON);
    assert_eq!(stage.double.accepted(), 2, "one each");
    stage.kubectl(&["delete", "bj", "denied", "--timeout=40s"]).unwrap();
    let ended = stage.double.jobs().into_iter().find(|job| job.name == "denied").unwrap();
    assert_eq!(ended.status, "FAILED", "the deletion has ended its job");
    plane().run(&["delete", "-f", file.to_str().unwrap()]).unwrap();
}
