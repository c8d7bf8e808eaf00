//! The binaries of the workspace, built as the tests have built their dependencies.
//! Knows nothing of what they are run for.

use std::path::{Path, PathBuf};

use crate::run::{Failure, run};

/// All of the workspace is selected, as in the tests: with another selection Cargo chooses other features
/// and builds the dependencies again.
const BUILD: [&str; 5] = ["build", "--quiet", "--locked", "--workspace", "--bin"];

/// The operator's binary.
pub const OPERATOR: &str = "aws-batch-operator";

/// Builds a binary and says where it is.
pub fn build(binary: &str) -> Result<PathBuf, Failure> {
    run("cargo", &[&BUILD[..], &[binary]].concat())?;
    // Cargo puts it beside us.
    let own = std::env::current_exe()?;
    Ok(own.parent().unwrap_or(Path::new(".")).join(binary))
}
