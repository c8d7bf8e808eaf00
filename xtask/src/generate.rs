//! The generated files: written by one command, checked by CI, edited by nobody.

use std::fs;

use crate::run::{Failure, command, output, root, run};
use crate::{argocd, operator, package};

/// The tests that print `docs/states.md`, `docs/why.md` and tables in `docs/`, and fail when they are stale.
const TABLES: [&str; 11] = [
    "test",
    "--quiet",
    "--locked",
    "--workspace",
    "--test",
    "it",
    "--",
    "plan::states",
    "plan::hostile",
    "plan::whys",
    "help::",
];

/// Writes them, or tells which are stale.
pub fn generate(check: bool) -> Result<(), Failure> {
    argocd::snippet(check)?;
    let crd = output(&operator::build(operator::OPERATOR)?.display().to_string(), &["crd"])?;
    put(vec![("deploy/crd.yaml".to_owned(), crd.clone())], check)?;
    put(package::texts(&crd)?, check)?;
    // Rendered of the chart as it is now on disk.
    put(package::manifests(&crd)?, check)?;
    if check {
        return run("cargo", &TABLES)
            .map_err(|error| format!("docs/ has a stale table: run `cargo xtask gen` ({error})").into());
    }
    let status = command("cargo", &TABLES).env("UPDATE_GOLDEN", "1").status()?;
    if !status.success() {
        return Err("the tables in docs/ could not be written".into());
    }
    println!("the generated files are up to date");
    Ok(())
}

fn put(files: Vec<package::Generated>, check: bool) -> Result<(), Failure> {
    for (path, text) in files {
        let file = root().join(&path);
        let stored = fs::read_to_string(&file).unwrap_or_default();
        if stored == text {
            continue;
        }
        if check {
            let diff = stand::diff(&stored, &text);
            return Err(format!("{path} is stale: run `cargo xtask gen`\n{diff}").into());
        }
        fs::write(&file, text).map_err(|error| format!("cannot write {path}: {error}"))?;
    }
    Ok(())
}
