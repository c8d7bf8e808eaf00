//! The binary without a cluster: how it takes what a person types.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::process::{Command, Output, Stdio};

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubectl-batchjob"));
    command.args(arguments).env_clear().env("HOME", "/nonexistent").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn wrong_usage_is_two_and_names_the_flag() {
    for (arguments, words) in [
        (&["wait"][..], "NAME"),
        (&["wait", "a", "--timeout", "soon"], "--timeout"),
        (&["elsewhere"], "elsewhere"),
        (&[], "Usage"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(words), "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn no_kubeconfig_is_an_error_with_a_way_out_and_no_trace() {
    let output = run(&["wait", "a"]);
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told.starts_with("error: ") && told.contains("--kubeconfig") && !told.contains("panicked"),
        "{told}"
    );
}

#[test]
fn every_shell_gets_a_completion_script() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = text(&run(&["completion", shell]).stdout);
        assert!(script.contains("terminate"), "{shell}: {script}");
    }
}

#[test]
fn a_reader_that_stops_reading_ends_it_without_a_word() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubectl-batchjob"));
    let child = command.args(["completion", "bash"]).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
}
