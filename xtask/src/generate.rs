//! The generated files: written by one command, checked by CI, edited by nobody.

use std::fs;

use crate::run::{Failure, command, output, root, run};

/// Writes them, or tells which are stale.
pub fn generate(check: bool) -> Result<(), Failure> {
    let crd =
        output("cargo", &["run", "--quiet", "--locked", "--package", "aws-batch-operator", "--", "crd"])?;
    let path = root().join("deploy/crd.yaml");
    if check {
        if fs::read_to_string(&path).unwrap_or_default() != crd {
            return Err("deploy/crd.yaml is stale: run `cargo xtask gen`".into());
        }
        return run("cargo", &states());
    }
    fs::write(&path, crd)?;
    let status = command("cargo", &states()).env("UPDATE_GOLDEN", "1").status()?;
    if !status.success() {
        return Err("docs/states.md could not be written".into());
    }
    println!("deploy/crd.yaml and docs/states.md are up to date");
    Ok(())
}

/// The test that prints `docs/states.md`, and fails when it is stale.
fn states() -> [&'static str; 8] {
    ["test", "--quiet", "--locked", "--package", "aws-batch-operator", "--test", "it", "plan::states"]
}
