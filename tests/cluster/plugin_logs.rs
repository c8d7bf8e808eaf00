//! `kubectl batchjob run` and `logs`, by the binary, with the logs of the double.

use std::path::Path;
use std::process::{Command, Stdio};

use batch_double::{Behaviour, Output};
use serde_json::json;

use crate::operator::Operator;
use crate::stage::{Stage, plane};

/// Runs the plugin as a user of the double's account; its exit code, stdout and stderr.
fn plugin(stage: &Stage, arguments: &[&str]) -> (Option<i32>, String, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_aws-batch-operator")).with_file_name("kubectl-batchjob");
    let place = ["--namespace", &stage.namespace];
    let output = Command::new(program)
        .args([&place[..], arguments].concat())
        .env_clear()
        .env("KUBECONFIG", plane().kubeconfig())
        .env("AWS_ENDPOINT_URL", stage.double.url())
        .env("AWS_ACCESS_KEY_ID", "id")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn run_prints_the_log_and_logs_finds_that_of_the_child_that_failed() {
    let stage = Stage::new("plugin-logs");
    let _operator = Operator::ready(&stage, &[]);
    let output = Output { every_ms: 500, ..Output::default() };
    stage.double.set_behaviour("talks", Behaviour { output, running_ms: 2_000, ..Behaviour::fails(3) });
    let typed = ["run", "one", "--queue", "q", "--definition", "talks"];
    let (code, lines, told) = plugin(&stage, &typed);
    assert_eq!(
        (code, lines.as_str()),
        (Some(3), "started\nline 1\nline 2\nline 3\nline 4\ndone\n"),
        "{told}"
    );
    assert!(
        told.trim_end().ends_with("one: Failed, exit code 3: Essential container in task exited"),
        "{told}"
    );
    let (code, lines, told) = plugin(&stage, &["logs", "one", "--tail", "2"]);
    assert_eq!((code, lines.as_str()), (Some(0), "line 4\ndone\n"), "{told}");

    let fails = Behaviour { failing_indexes: [42].into(), ..Behaviour::default() };
    stage.double.set_behaviour("many", fails);
    let spec = json!({ "jobQueue": "q", "jobDefinition": "many", "arrayProperties": { "size": 10_000 } });
    stage.create("array", spec);
    plugin(&stage, &["wait", "array"]);
    let before = stage.double.count("GetLogEvents");
    let (code, lines, told) = plugin(&stage, &["logs", "array", "--failed"]);
    assert_eq!((code, lines.as_str()), (Some(0), "started\ndone\n"), "{told}");
    let stream = stage.double.requests_of("GetLogEvents").pop().unwrap().body["logStreamName"].to_string();
    assert!(stream.contains("002a"), "42 in hex: {stream}");
    assert_eq!(
        stage.double.count("GetLogEvents") - before,
        2,
        "a page, and the proof that there is no other"
    );
}
