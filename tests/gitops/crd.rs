//! The CRD and BatchJobs in one Application, in a cluster that has never heard of either.

use std::fs;
use std::time::Duration;

use crate::application::{Application, job, of};
use crate::operator::Operator;
use crate::stage::{Stage, manifest, plane};

/// Takes the CRD away, with all that other tests have left.
fn forget_batch_jobs() {
    let plane = plane();
    let names = "jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name}{'\\n'}{end}";
    let left = plane.run(&["get", "bj", "--all-namespaces", "--output", names]).unwrap();
    for (namespace, name) in left.lines().filter_map(|line| line.split_once(' ')) {
        let release = r#"{"metadata":{"finalizers":null}}"#;
        plane.run(&["-n", namespace, "patch", "bj", name, "--type=merge", "--patch", release]).unwrap();
    }
    plane.run(&["delete", "crd", "batchjobs.awsbatch.dev", "--timeout=60s"]).unwrap();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn the_crd_and_its_first_job_come_in_one_sync() {
    let stage = Stage::new("argo-crd");
    forget_batch_jobs();
    let operator = Operator::start(&stage, &[]);
    let crd = fs::read_to_string(manifest("crd.yaml")).unwrap();
    let files = [("a-job.yaml", job("train", of("quick"))), ("crd.yaml", crd)];
    let application = Application::new(&stage, &files);
    application.wait_for("Healthy");
    let status = &application.get().data["status"];
    assert_eq!(status["operationState"]["retryCount"], serde_json::Value::Null, "at the first try");
    operator.wait_until_ready(Duration::from_secs(20));
    stage.assert_exactly_once();
}
