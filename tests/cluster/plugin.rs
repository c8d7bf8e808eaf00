//! `kubectl batchjob`, by its binary, as a user with a kubeconfig runs it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use aws_batch_operator::api::Phase;
use batch_double::Behaviour;
use serde_json::json;

use crate::operator::Operator;
use crate::stage::{Stage, plane};

const SOON: Duration = Duration::from_secs(20);

/// The plugin's program, which Cargo puts beside the operator's.
fn bare(arguments: &[&str]) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_aws-batch-operator")).with_file_name("kubectl-batchjob");
    assert!(program.exists(), "no plugin: cargo test --workspace --locked --test usage --no-run");
    let mut command = Command::new(program);
    command.args(arguments).env_clear().env("KUBECONFIG", plane().kubeconfig()).stdin(Stdio::null());
    command
}

/// The same in the stage's namespace.
fn plugin(stage: &Stage, arguments: &[&str]) -> Command {
    bare(&[arguments, &["--namespace", &stage.namespace]].concat())
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs it with the namespace before the command: what follows `--` is that of the job.
/// The user has AWS credentials, too.
fn run_in(stage: &Stage, arguments: &[&str]) -> (Option<i32>, String) {
    let place = ["--namespace", &stage.namespace];
    let mut command = bare(&[&place[..], arguments].concat());
    for (name, value) in [
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_ENDPOINT_URL", &stage.double.url()),
    ] {
        command.env(name, value);
    }
    let output = command.output().unwrap();
    (output.status.code(), told(&output))
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
    assert!(code == Some(0) && text.starts_with("good: Succeeded, exit code 0\n"), "{code:?} {text}");
    let (code, text) = run(&stage, &["wait", "good", "bad", "--timeout", "30s"]);
    assert!(code == Some(3) && text.contains("bad: Failed, exit code 3"), "{code:?} {text}");
    let (code, text) = run(&stage, &["wait", "long", "--timeout", "1s"]);
    assert!(code == Some(124) && text.contains("--timeout of 1s"), "{code:?} {text}");
    let (code, text) = run(&stage, &["wait", "none"]);
    assert!(code == Some(1) && text.contains("there is no BatchJob none in namespace plugin-wait"), "{text}");

    let (code, text) = run(&stage, &["terminate", "long"]);
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = run(&stage, &["wait", "long", "--timeout", "30s"]);
    assert!(code == Some(137) && text.contains("long: Failed"), "{code:?} {text}");

    stage.create("held", json!({ "jobQueue": "q", "jobDefinition": "quick", "suspend": true }));
    let mut command = plugin(&stage, &["wait", "held"]);
    let mut waits = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(waits.stderr.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("held: "), "{first}");
    stage.kubectl(&["delete", "bj", "held"]).unwrap();
    let output = waits.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), told(&output).as_str()),
        (Some(1), "held: deleted before its end was seen\n")
    );
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn run_ends_with_the_jobs_code_and_rerun_is_another_run() {
    let stage = Stage::new("plugin-run");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("bad", Behaviour::fails(3));
    let flags = ["--queue", "q", "--definition"];
    let typed = [&["run", "one"][..], &flags, &["bad", "--env", "A=1", "--", "sh", "-c", "exit 3"]].concat();
    let (code, text) = run_in(&stage, &typed);
    assert_eq!(code, Some(3), "{text}");
    for words in ["one: created in namespace plugin-run\n", "one: Failed, exit code 3: "] {
        assert!(text.contains(words), "{text}");
    }
    let other = [&["run", "one", "--attach"][..], &flags, &["bad"]].concat();
    let (code, text) = run_in(&stage, &other);
    assert!(
        code == Some(1) && text.contains("asks for something else, in spec.containerOverrides:"),
        "{text}"
    );
    let mut same = typed.clone();
    same.insert(2, "--attach");
    let (code, text) = run_in(&stage, &same);
    assert!(
        code == Some(3) && text.contains("one: exists in namespace plugin-run, and is followed\n"),
        "{text}"
    );
    assert_eq!(stage.double.accepted(), 1, "the job runs once");
    // The log alone is on stdout.
    assert!(text.starts_with("started\ndone\n"), "{text}");
    let overrides = stage.get("one").spec.container_overrides.unwrap();
    assert_eq!(overrides.command.unwrap(), ["sh", "-c", "exit 3"]);

    let (code, text) = run_in(&stage, &typed);
    assert!(code == Some(1) && text.contains("rerun one"), "{code:?} {text}");
    let (code, text) = run(&stage, &["why", "one"]);
    assert!(code == Some(0) && text.contains("Cause     AWS says FAILED.\n"), "{code:?} {text}");

    let (code, text) = run(&stage, &["rerun", "one", "--name", "two", "--set", "jobDefinition=quick"]);
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = run(&stage, &["wait", "two", "--timeout", "30s"]);
    assert_eq!(code, Some(0), "{text}");
    stage.create(
        "after",
        json!({ "jobQueue": "q", "jobDefinition": "quick", "dependsOn": [{ "name": "two" }] }),
    );
    let (_, text) = run(&stage, &["tree", "two"]);
    assert!(text.starts_with("two  Succeeded") && text.contains("waited for by:\n└─ after  "), "{text}");

    let typed = [&["run", "gone"][..], &flags, &["quick", "--rm"]].concat();
    let (code, text) = run_in(&stage, &typed);
    assert_eq!(code, Some(0), "{text}");
    stage.wait(SOON, "--rm has deleted it", || stage.find("gone").is_none());
}

/// As a person at a terminal: interrupts once the job runs, and says yes to the question.
const AT_A_TERMINAL: &str = r#"
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[1], sys.argv[1:])
shown = b""
def until(words):
    global shown
    while words not in shown:
        shown += os.read(terminal, 1024)
until(b"Running")
os.write(terminal, b"\x03")
until(b"[y/N]")
os.write(terminal, b"y\n")
try:
    while True:
        shown += os.read(terminal, 1024)
except OSError:
    pass
print(shown.decode(errors="replace"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"#;

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn an_interruption_leaves_the_job_unless_a_person_says_that_it_is_to_end() {
    let stage = Stage::new("plugin-interrupt");
    let _operator = Operator::ready(&stage, &[]);
    stage.double.set_behaviour("long", Behaviour::forever());
    let typed = ["run", "left", "--queue", "q", "--definition", "long"];
    let child = plugin(&stage, &typed).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let id = child.id().to_string();
    stage.wait_for_phase("left", Phase::Running, SOON);
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let text = told(&output);
    assert_eq!(output.status.code(), Some(130), "{text}");
    let way_out = "kubectl batchjob terminate left --namespace plugin-interrupt";
    assert!(text.contains(way_out), "{text}");
    assert_eq!(stage.get("left").status.unwrap().phase, Some(Phase::Running));

    let program = plugin(&stage, &["run", "ended", "--queue", "q", "--definition", "long"]);
    let mut person = Command::new("python3");
    person.args(["-c", AT_A_TERMINAL]).arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        person.env(name, value.unwrap());
    }
    let output = person.output().unwrap();
    let text = told(&output);
    assert!(text.contains("End the job of BatchJob ended?"), "{text}");
    assert_eq!(output.status.code(), Some(137), "{text}");
    let ended = stage.wait_for_phase("ended", Phase::Failed, SOON);
    assert_eq!(ended.spec.active_deadline_seconds, Some(1));
}
