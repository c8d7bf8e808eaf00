//! The demo in a cluster that exists: what it makes there, and that nothing of it stays.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use controlplane::{ControlPlane, Options};

/// What the demo makes beside the objects of its namespace.
const MADE: [&str; 4] =
    ["get", "crd/batchjobs.awsbatch.dev", "namespace/aws-batch-operator-demo", "--output=name"];

fn demo(plane: &ControlPlane, flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("demo").arg("--kubeconfig").arg(plane.kubeconfig()).args(flags);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

fn made(plane: &ControlPlane) -> usize {
    let get = [&MADE[..], &["--ignore-not-found"]].concat();
    plane.run(&get).unwrap().lines().count()
}

/// Deletions end a little after they were asked for.
fn wait_until_nothing_is_left(plane: &ControlPlane) {
    let begun = Instant::now();
    while made(plane) > 0 {
        assert!(begun.elapsed() < Duration::from_mins(1), "the cluster is not as it was");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
#[ignore = "needs the control plane binaries"]
fn a_cluster_that_exists_is_used_after_a_yes_and_left_as_it_was() {
    let plane = ControlPlane::start(Options::default()).unwrap();
    let unanswered = demo(&plane, &["--exit"]).output().unwrap();
    assert!(!unanswered.status.success() && made(&plane) == 0);
    let asked = String::from_utf8(unanswered.stdout).unwrap();
    assert!(
        asked.contains("context controlplane (https://127.0.0.1:") && asked.contains("Go on?"),
        "{asked}"
    );

    let output = demo(&plane, &["--exit", "--yes"]).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && told.contains("came to their expected end"), "{told}");
    wait_until_nothing_is_left(&plane);
}

#[test]
#[ignore = "needs the control plane binaries"]
fn a_demo_that_is_killed_leaves_the_cluster_as_it_was_and_a_strangers_crd_is_not_touched() {
    let plane = ControlPlane::start(Options::default()).unwrap();
    let mut child = demo(&plane, &["--yes"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("applied the examples")), "it came to its examples");
    assert_eq!(made(&plane), 2);
    child.kill().unwrap();
    child.wait().unwrap();
    wait_until_nothing_is_left(&plane);

    let crd = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/crd.yaml");
    plane.run(&["apply", "--server-side", "--filename", crd]).unwrap();
    let refused = demo(&plane, &["--yes"]).stderr(Stdio::piped()).output().unwrap();
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(
        !refused.status.success() && told.contains("has the crd batchjobs.awsbatch.dev already"),
        "{told}"
    );
    assert_eq!(made(&plane), 1);
}
