//! What a person sees when something is wrong: a reason, never silence; and nobody else suffers.

use std::path::Path;
use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::{Behaviour, Fault, Kind, When};
use serde_json::json;

use crate::operator::{AWS_SECRET, Operator};
use crate::refused::wait_for_reason;
use crate::stage::{HASTY, Stage, plane};

const SOON: Duration = Duration::from_secs(20);

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_unclear_answer_is_shown_while_it_is_looked_up() {
    let stage = Stage::hasty("unclear");
    let _operator = Operator::ready(&stage, &HASTY);
    stage.double.set_faults(vec![Fault::next("SubmitJob", Kind::Drop, When::Before, 1)]);
    stage.create("lost", json!({ "jobQueue": "q", "jobDefinition": "quick" }));
    wait_for_reason(&stage, "lost", "Unconfirmed");
    stage.wait_for_phase("lost", Phase::Succeeded, SOON);
    stage.assert_exactly_once();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn at_most_once_stops_after_an_unclear_answer() {
    let stage = Stage::hasty("at-most-once");
    let _operator = Operator::ready(&stage, &HASTY);
    stage.double.set_faults(vec![Fault::next("SubmitJob", Kind::Drop, When::Before, 1)]);
    stage.create(
        "lost",
        json!({ "jobQueue": "q", "jobDefinition": "quick", "submissionPolicy": "AtMostOnce" }),
    );
    stage.wait_for_phase("lost", Phase::Unknown, SOON);
    assert_eq!(stage.double.count("SubmitJob"), 1);
    stage.kubectl(&["delete", "bj", "lost", "--timeout=5s"]).unwrap();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_request_that_is_too_large_fails_at_once() {
    let stage = Stage::new("too-large");
    let _operator = Operator::ready(&stage, &[]);
    // The values fit into the bound of the schema. The request with all its member names does not.
    let environment: Vec<_> =
        (0..700).map(|n| json!({ "name": format!("NAME_{n}"), "value": "x".repeat(30) })).collect();
    let overrides = json!({ "environment": environment });
    stage.create("large", json!({ "jobQueue": "q", "jobDefinition": "d", "containerOverrides": overrides }));
    let status = stage.wait_for_phase("large", Phase::Failed, SOON).status.unwrap();
    assert!(status.reason.unwrap().contains("AWS takes 30720"));
    assert_eq!(stage.double.count("SubmitJob"), 0);
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn no_value_of_an_environment_reaches_logs_events_or_metrics() {
    const CANARY: &str = "canary-7f3a9c";
    let stage = Stage::hasty("canary");
    // The clients print bodies at this level, if they may.
    let filter = ["--log-filter", "trace,aws_smithy_runtime=trace,kube_client=trace"];
    let operator = Operator::ready(&stage, &[&filter[..], &HASTY].concat());
    stage.double.set_faults(vec![
        Fault::next("SubmitJob", Kind::ServerError, When::After, 1),
        Fault::next("DescribeJobs", Kind::Html, When::After, 1),
    ]);
    let overrides = json!({ "environment": [{ "name": "SECRET", "value": CANARY }], "command": [CANARY] });
    stage.create(
        "quiet",
        json!({ "jobQueue": "q", "jobDefinition": "quick", "containerOverrides": overrides,
        "parameters": { "p": CANARY }, "tags": { "t": CANARY } }),
    );
    stage.wait_for_phase("quiet", Phase::Succeeded, SOON);
    let events = stage.kubectl(&["get", "events", "-o", "yaml"]).unwrap();
    let status = serde_json::to_string(&stage.get("quiet").status).unwrap();
    for text in [operator.log(), events, operator.get("/metrics").unwrap().1, status] {
        assert!(!text.contains(CANARY) && !text.contains(AWS_SECRET), "{text}");
    }
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_object_that_cannot_be_read_does_not_stop_the_others() {
    let stage = Stage::new("undecodable");
    let operator = Operator::ready(&stage, &[]);
    // As another version of the CRD might let it in.
    let loose = json!([{ "op": "replace", "value": { "type": "string" },
        "path": "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/suspend" }]);
    let patch = ["patch", "crd", "batchjobs.awsbatch.dev", "--type=json", "-p", &loose.to_string()];
    plane().run(&patch).unwrap();
    let odd = r#"{"apiVersion":"awsbatch.dev/v1alpha1","kind":"BatchJob","metadata":{"name":"odd"},"spec":{"jobQueue":"q","jobDefinition":"quick","suspend":"perhaps"}}"#;
    let file = plane().dir().join("odd.json");
    std::fs::write(&file, odd).unwrap();
    // The API server takes a moment to serve the looser schema.
    stage.wait(SOON, "the loose CRD is served", || {
        stage.kubectl(&["create", "-f", &file.display().to_string()]).is_ok()
    });
    stage.kubectl(&["wait", "--for=create", "bj/odd", "--timeout=5s"]).unwrap();
    let good = r#"{"apiVersion":"awsbatch.dev/v1alpha1","kind":"BatchJob","metadata":{"name":"good"},"spec":{"jobQueue":"q","jobDefinition":"quick"}}"#;
    std::fs::write(&file, good).unwrap();
    stage.kubectl(&["create", "-f", &file.display().to_string()]).unwrap();
    stage.kubectl(&["wait", "--for=condition=Complete", "bj/good", "--timeout=20s"]).unwrap();
    stage.wait(SOON, "the log says so", || operator.log().contains("cannot read this BatchJob"));
    let told = || stage.kubectl(&["describe", "bj", "odd"]).unwrap().contains("Undecodable");
    stage.wait(SOON, "an Event says so", told);
    stage.kubectl(&["delete", "bj", "odd", "--timeout=5s"]).unwrap();
    let crd = format!("{}/deploy/crd.yaml", env!("CARGO_MANIFEST_DIR"));
    plane().run(&["replace", "-f", &crd]).unwrap();
    // The API server makes the storage anew and ends every watch: the next test must not meet that.
    stage.wait(SOON, "the strict CRD is served", || {
        stage.kubectl(&["create", "--dry-run=server", "-f", &odd_again(&file, odd)]).is_err()
    });
    stage.create("after", json!({ "jobQueue": "q", "jobDefinition": "quick" }));
    stage.kubectl(&["wait", "--for=condition=Complete", "bj/after", "--timeout=90s"]).unwrap();
}

fn odd_again(file: &Path, odd: &str) -> String {
    std::fs::write(file, odd).unwrap();
    file.display().to_string()
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn someone_who_takes_the_claim_away_does_not_make_it_run_twice() {
    let stage = Stage::new("hostile");
    stage.double.set_behaviour("long", Behaviour::forever());
    let mut operator = Operator::ready(&stage, &[]);
    stage.create("a", json!({ "jobQueue": "q", "jobDefinition": "long" }));
    stage.wait_for_phase("a", Phase::Running, SOON);
    operator.kill();
    let status = json!({ "status": null });
    let patch = kube::api::Patch::Merge(&status);
    let params = kube::api::PatchParams::default();
    stage.runtime.block_on(stage.api().patch_status("a", &params, &patch)).unwrap();
    stage.patch("a", &json!({ "metadata": { "annotations": { "awsbatch.dev/claim": null } } }));
    let _again = Operator::ready(&stage, &[]);
    stage.wait_for_phase("a", Phase::Running, SOON);
    stage.assert_exactly_once();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn a_claim_whose_time_was_edited_holds_its_own_object_and_no_other() {
    let stage = Stage::new("edited-claim");
    let _operator = Operator::ready(&stage, &[]);
    stage.create("edited", json!({ "jobQueue": "q", "jobDefinition": "some", "suspend": true }));
    let uid = stage.get("edited").metadata.uid;
    let claim = json!({ "v": 1, "uid": uid, "at": "9999-12-30T22:00:00Z", "holder": "me" }).to_string();
    stage.patch(
        "edited",
        &json!({ "metadata": { "annotations": { "awsbatch.dev/claim": claim } },
        "spec": { "suspend": false } }),
    );
    stage
        .kubectl(&[
            "wait",
            "bj/edited",
            "--for=jsonpath={.status.conditions[?(@.type=='Submitted')].reason}=Unconfirmed",
            "--timeout=30s",
        ])
        .unwrap();
    stage.create("other", json!({ "jobQueue": "q", "jobDefinition": "some" }));
    stage.wait_for_phase("other", Phase::Succeeded, SOON);
    assert_eq!(stage.double.accepted(), 1, "the edited one may have been sent, for all that one knows");
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn status_writes_that_are_refused_cost_no_second_job() {
    let stage = Stage::new("no-status");
    stage.double.set_behaviour("long", Behaviour::forever());
    let deny = format!(
        r#"{{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicy","metadata":{{"name":"no-status"}},
        "spec":{{"matchConstraints":{{"resourceRules":[{{"apiGroups":["awsbatch.dev"],"apiVersions":["*"],"operations":["UPDATE"],
        "resources":["batchjobs/status"]}}]}},"validations":[{{"expression":"object.metadata.namespace != '{}'"}}]}}}}
        ---
        {{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicyBinding","metadata":{{"name":"no-status"}},
        "spec":{{"policyName":"no-status","validationActions":["Deny"]}}}}"#,
        stage.namespace
    );
    let file = plane().dir().join("no-status.yaml");
    std::fs::write(&file, deny.replace("        ---", "---")).unwrap();
    stage.kubectl(&["apply", "-f", &file.display().to_string()]).unwrap();
    let operator = Operator::ready(&stage, &[]);
    stage.create_many(50, &json!({ "jobQueue": "q", "jobDefinition": "long" }));
    let refusals = || operator.log().matches("failed to write status").count();
    stage.wait(Duration::from_secs(30), "AWS has all jobs", || stage.double.accepted() >= 50);
    stage.wait(Duration::from_secs(30), "each status was refused again and again", || refusals() > 150);
    stage.kubectl(&["delete", "-f", &file.display().to_string()]).unwrap();
    stage.wait_until_submitted(50, Duration::from_mins(1));
    stage.assert_exactly_once();
}
