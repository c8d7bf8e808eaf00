//! The binaries of the workspace, built as the tests have built their dependencies.
//! Knows nothing of what they are run for.

use std::path::{Path, PathBuf};

use crate::run::{Failure, run};

/// All of the workspace is selected, as in the tests: with another selection Cargo chooses other features
/// and builds the dependencies again.
const BUILD: [&str; 4] = ["build", "--quiet", "--locked", "--workspace"];

/// The operator's binary.
pub const OPERATOR: &str = "aws-batch-operator";

/// Builds a binary and says where it is.
pub fn build(binary: &str) -> Result<PathBuf, Failure> {
    run("cargo", &[&BUILD[..], &["--bin", binary]].concat())?;
    Ok(folder()?.join(binary))
}

/// Builds an example and says where it is.
pub fn build_example(example: &str) -> Result<PathBuf, Failure> {
    run("cargo", &[&BUILD[..], &["--example", example]].concat())?;
    Ok(folder()?.join("examples").join(example))
}

/// Where Cargo puts binaries: beside us.
fn folder() -> Result<PathBuf, Failure> {
    let own = std::env::current_exe()?;
    Ok(own.parent().unwrap_or(Path::new(".")).to_owned())
}
