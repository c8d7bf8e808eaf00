//! The generated files: written by one command, checked by CI, edited by nobody.

use std::fs;

use crate::argocd;
use crate::operator;
use crate::run::{Failure, command, output, root, run};

/// The test that prints `docs/states.md`, and fails when it is stale.
const STATES: [&str; 7] = ["test", "--quiet", "--locked", "--workspace", "--test", "it", "plan::states"];

/// Writes them, or tells which are stale.
pub fn generate(check: bool) -> Result<(), Failure> {
    argocd::snippet(check)?;
    let crd = output(&operator::build()?.display().to_string(), &["crd"])?;
    let path = root().join("deploy/crd.yaml");
    if check {
        if fs::read_to_string(&path).unwrap_or_default() != crd {
            return Err("deploy/crd.yaml is stale: run `cargo xtask gen`".into());
        }
        return run("cargo", &STATES)
            .map_err(|error| format!("docs/states.md is stale: run `cargo xtask gen` ({error})").into());
    }
    fs::write(&path, crd)?;
    let status = command("cargo", &STATES).env("UPDATE_GOLDEN", "1").status()?;
    if !status.success() {
        return Err("docs/states.md could not be written".into());
    }
    println!("deploy/crd.yaml, deploy/argocd/argocd-cm.yaml and docs/states.md are up to date");
    Ok(())
}
