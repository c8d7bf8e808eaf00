//! The operator's binary, built as the tests have built its dependencies.
//! Knows nothing of what it is run for.

use std::path::{Path, PathBuf};

use crate::run::{Failure, run};

/// All of the workspace is selected, as in the tests: with another selection Cargo chooses other features
/// and builds the dependencies again.
const BUILD: [&str; 6] = ["build", "--quiet", "--locked", "--workspace", "--bin", "aws-batch-operator"];

/// Builds it and says where it is.
pub fn build() -> Result<PathBuf, Failure> {
    run("cargo", &BUILD)?;
    // Cargo puts it beside us.
    let own = std::env::current_exe()?;
    Ok(own.parent().unwrap_or(Path::new(".")).join("aws-batch-operator"))
}
