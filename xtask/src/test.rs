//! All checks and tests, in order of their cost; the first that fails ends it.

use std::time::Instant;

use crate::bench::require;
use crate::chaos::chaos;
use crate::demo::demo;
use crate::deny::deny;
use crate::generate::generate;
use crate::gitops::gitops;
use crate::judge::judge;
use crate::package;
use crate::run::{Failure, command, run};
use crate::simulate::in_background;
use crate::suites::{cluster, ignored, without_proofs};

/// A step and its name.
type Step = (&'static str, fn() -> Result<(), Failure>);

const CHECKS: [Step; 4] = [
    ("format", || run("cargo", &["fmt", "--all", "--check"])),
    ("lints", || {
        run("cargo", &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])
    }),
    ("generated files", || generate(true)),
    ("dependency policy", dependencies),
];

/// What needs no cluster.
const FAST: [Step; 1] = [("tests", || run("cargo", &["test", "--workspace", "--locked"]))];

/// So many worlds of the simulation.
const WORLDS: u64 = 10_000;

const FULL: [Step; 5] = [
    ("valgrind", require),
    ("tests", without_proofs),
    ("judges of the double", judge),
    ("network namespaces", || ignored("it")),
    ("control plane", || ignored("life")),
];

/// What mostly waits; the proofs run meanwhile.
const CLUSTER: [Step; 6] = [
    ("real API server", cluster),
    ("packaging", package::test),
    ("gitops", gitops),
    ("chaos", || chaos(1, 1, true)),
    ("demo", || demo(true, None, false)),
    ("demo in another cluster", || ignored("demo")),
];

/// Runs them all, or those that need no control plane.
pub fn test(fast: bool) -> Result<(), Failure> {
    let begun = Instant::now();
    CHECKS.iter().try_for_each(pass)?;
    if fast {
        FAST.iter().try_for_each(pass)?;
    } else {
        FULL.iter().try_for_each(pass)?;
        let worlds = in_background(WORLDS);
        CLUSTER.iter().try_for_each(pass)?;
        println!(
            "\n=== instructions, model, and simulation of {WORLDS} worlds, which run since the control plane passed"
        );
        worlds.join().map_err(|_| "the thread of the simulation has panicked")??;
    }
    println!("\nall steps passed in {} s", begun.elapsed().as_secs());
    Ok(())
}

fn pass((name, step): &Step) -> Result<(), Failure> {
    println!("\n=== {name}");
    let begun = Instant::now();
    step().map_err(|error| format!("{name}: {error}"))?;
    println!("=== {name}: passed in {} s", begun.elapsed().as_secs());
    Ok(())
}

/// `deny.toml`; and no second crypto provider, which would panic at the first TLS connection.
fn dependencies() -> Result<(), Failure> {
    let tree = command("cargo", &["tree", "--locked", "--workspace", "--invert", "aws-lc-sys"]).output()?;
    if tree.status.success() {
        return Err("aws-lc-sys is in the tree: two crypto providers in one rustls panic at run time".into());
    }
    deny()
}
