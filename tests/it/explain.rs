//! `aws-batch-operator explain`, by the binary: nothing but a manifest goes in.

use std::io::Write;
use std::process::{Command, Stdio};

use aws_batch_operator::api::FINALIZER;

/// What it says of this manifest; `Err`: what it complains about.
fn explain(manifest: &str) -> Result<String, String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aws-batch-operator"));
    command.arg("explain").env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(manifest.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

fn batch_job(rest: &str) -> String {
    let head = "apiVersion: awsbatch.dev/v1alpha1\nkind: BatchJob\nmetadata: { name: a, namespace: team }\n";
    format!("{head}spec: {{ jobQueue: q, jobDefinition: d{rest} }}\n")
}

#[test]
fn a_new_object_waits_for_its_turn_and_a_suspended_one_says_so() {
    let text = explain(&batch_job("")).unwrap();
    assert!(text.starts_with("BatchJob team/a\nWaitsForTurn: "), "{text}");
    let text = explain(&batch_job(", suspend: true")).unwrap();
    assert!(text.contains("Suspended: ") && text.contains("Submitted=False (Suspended)"), "{text}");
}

#[test]
fn an_object_with_a_claim_and_no_job_is_searched_for() {
    let claim = r#"{"v":1,"uid":"u","at":"2026-01-01T00:00:00Z","holder":"another"}"#;
    let text = batch_job("").replace(
        "namespace: team }",
        &format!("namespace: team, uid: u, annotations: {{ awsbatch.dev/claim: '{claim}' }}, finalizers: [{FINALIZER}] }}"),
    );
    let text = explain(&text).unwrap();
    assert!(text.contains("InDoubt: ") && text.contains("Next: search for the job by its name"), "{text}");
}

#[test]
fn documents_and_lists_are_explained_one_by_one() {
    let two = format!("{}---\n{}", batch_job(""), batch_job(", suspend: true"));
    assert_eq!(explain(&two).unwrap().matches("BatchJob team/a\n").count(), 2);
    let indented = batch_job("").replace('\n', "\n  ");
    let list = format!("kind: List\nitems:\n- {}\n", indented.trim());
    assert_eq!(explain(&list).unwrap().matches("BatchJob team/a\n").count(), 1);
}

#[test]
fn wrong_input_names_the_mistake_and_the_way_out() {
    for (manifest, words) in [
        ("", "kubectl get batchjob -o yaml"),
        ("a: [", "kubectl get batchjob -o yaml"),
        ("kind: Pod\nmetadata: { name: p }", "\"Pod\" (p)"),
        (&batch_job("").replace("jobQueue: q,", ""), "BatchJob a: missing field `jobQueue`"),
    ] {
        let complaint = explain(manifest).unwrap_err();
        assert!(complaint.contains(words), "{manifest:?}: {complaint}");
    }
}
