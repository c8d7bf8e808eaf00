//! The dependency policy: licences, bans, sources and advisories by cargo-deny.

use crate::run::Failure;
use crate::tools;

/// Checks the policy of `deny.toml`, apart from advisories.
pub fn deny() -> Result<(), Failure> {
    check(&["licenses", "bans", "sources"])
}

/// Looks the dependencies up in the advisory database, which is fetched from its own project.
pub fn advisories() -> Result<(), Failure> {
    check(&["advisories"])
}

fn check(what: &[&str]) -> Result<(), Failure> {
    let arguments = [&["--locked", "check", "--hide-inclusion-graph"], what].concat();
    let mut deny = tools::cargo_deny(&arguments)?;
    let status = deny.status().map_err(|error| format!("cannot run cargo-deny: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`cargo deny {}` failed ({status})", arguments.join(" ")).into())
    }
}
