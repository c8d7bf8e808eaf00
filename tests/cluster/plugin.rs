//! `kubectl batchjob`, by its binary, as a user with a kubeconfig runs it.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use batch_double::Behaviour;
use serde_json::json;

use crate::operator::Operator;
use crate::stage::{Stage, plane};

/// The plugin's program, which Cargo puts beside the operator's.
fn plugin(stage: &Stage, arguments: &[&str]) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_aws-batch-operator")).with_file_name("kubectl-batchjob");
    assert!(program.exists(), "no plugin: cargo test --workspace --locked --test usage --no-run");
    let mut command = Command::new(program);
    command.args(arguments).args(["--namespace", &stage.namespace]).env_clear().stdin(Stdio::null());
    command.env("KUBECONFIG", plane().kubeconfig());
    command
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs it; its exit code and what it has told.
fn run(stage: &Stage, arguments: &[&str]) -> (Option<i32>, String) {
    let output = plugin(stage, arguments).output().unwrap();
    (output.status.code(), told(&output))
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn wait_ends_with_the_jobs_code_or_that_of_the_timeout_and_tells_of_a_deletion() {
    let stage = Stage::new("plugin-wait");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("bad", Behaviour::fails(3));
    stage.double.set_behaviour("long", Behaviour::forever());
    for name in ["good", "bad", "long"] {
        stage.create(name, json!({ "jobQueue": "q", "jobDefinition": name }));
    }
    let (code, text) = run(&stage, &["wait", "good"]);
    assert_eq!((code, text.as_str()), (Some(0), "good: Succeeded, exit code 0\n"));
    let (code, text) = run(&stage, &["wait", "good", "bad", "--timeout", "30s"]);
    assert!(code == Some(3) && text.contains("bad: Failed, exit code 3"), "{code:?} {text}");
    let (code, text) = run(&stage, &["wait", "long", "--timeout", "1s"]);
    assert!(code == Some(124) && text.contains("--timeout of 1s"), "{code:?} {text}");
    let (code, text) = run(&stage, &["wait", "none"]);
    assert!(code == Some(1) && text.contains("there is no BatchJob none in namespace plugin-wait"), "{text}");

    let (code, text) = run(&stage, &["terminate", "long"]);
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = run(&stage, &["wait", "long", "--timeout", "30s"]);
    assert!(code == Some(1) && text.contains("long: Failed"), "{code:?} {text}");

    stage.create("held", json!({ "jobQueue": "q", "jobDefinition": "quick", "suspend": true }));
    let waits =
        plugin(&stage, &["wait", "held"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    stage.kubectl(&["delete", "bj", "held"]).unwrap();
    let output = waits.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
}
