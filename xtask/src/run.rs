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
    // What Cargo has told us about ourselves is no news for another Cargo: some build scripts (ring's) run
    // again when it changes, and everything above them is then built again, at every task.
    for (name, _) in std::env::vars_os() {
        if is_about_us(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
    command
}

fn is_about_us(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_") || variable.starts_with("CARGO_MANIFEST_")
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

/// What to do when a program cannot be started.
pub fn missing(program: &str, error: &std::io::Error) -> Failure {
    let way_out = match (error.kind(), program) {
        (ErrorKind::NotFound, "cargo") => ": install Rust from https://rustup.rs",
        (ErrorKind::NotFound, "go") => ": install Go from https://go.dev/dl",
        (ErrorKind::NotFound, "kubectl") => ": install it from https://kubernetes.io/docs/tasks/tools",
        (ErrorKind::NotFound, "python3") => ": install Python 3 with pip",
        _ => "",
    };
    format!("cannot run `{program}` ({error}){way_out}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_runs_at_the_root_and_does_not_hear_about_us() {
        assert!(output("cat", &["xtask/Cargo.toml"]).is_ok());
        assert!(!output("env", &[]).unwrap().contains("CARGO_PKG_NAME"));
    }

    #[test]
    fn what_is_missing_or_fails_is_named() {
        let error = run("no-such-program", &[]).unwrap_err().to_string();
        assert!(error.starts_with("cannot run `no-such-program`"), "{error}");
        let error = run("false", &["now"]).unwrap_err().to_string();
        assert!(error.starts_with("`false now` failed"), "{error}");
    }
}
