//! Which tests run where. Cargo itself names the test targets, so that a new one cannot be forgotten.

use std::fs::{self, File};
use std::path::PathBuf;
use std::thread;

use controlplane::Tether;
use serde_json::Value;

use crate::run::{Failure, command, output, root, run};

/// The test targets that are mostly computing.
const PROOFS: [&str; 2] = ["sim", "model"];

/// The cluster tests mostly wait. These run beside the others, each group in a control plane of its own; the groups take
/// equally long.
const BESIDE: [&[&str]; 2] = [
    &["lost::", "field::", "deletion::", "neighbours::", "deadlines::"],
    &["faults::", "kill::", "life::", "owner::", "queues::", "adopt::", "logs::", "parts::", "replaced::"],
];

/// All of the workspace is selected everywhere, for with another selection Cargo chooses other features and builds the
/// dependencies again.
const WORKSPACE: [&str; 3] = ["test", "--workspace", "--locked"];

/// What a test that needs a control plane is run with.
const ONE_BY_ONE: [&str; 3] = ["--", "--ignored", "--test-threads=1"];

/// The tests of one file that need a control plane.
pub fn ignored(file: &str) -> Result<(), Failure> {
    run("cargo", &[&WORKSPACE[..], &["--test", file], &ONE_BY_ONE].concat())
}

/// All tests that need no cluster, but for the proofs: these are mostly computing and run optimised.
pub fn without_proofs() -> Result<(), Failure> {
    let names = test_targets()?;
    let others = names.iter().filter(|name| !PROOFS.contains(&name.as_str()));
    let targets: Vec<_> = others.flat_map(|name| ["--test", name]).collect();
    run("cargo", &[&WORKSPACE[..], &["--lib", "--bins"], &targets].concat())?;
    run("cargo", &[&WORKSPACE[..], &["--doc"]].concat())
}

fn test_targets() -> Result<Vec<String>, Failure> {
    let metadata = output("cargo", &["metadata", "--no-deps", "--locked", "--format-version", "1"])?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let targets = packages.flat_map(|package| package["targets"].as_array().into_iter().flatten());
    let tests = targets.filter(|target| target["kind"][0] == "test");
    Ok(tests.filter_map(|target| target["name"].as_str().map(str::to_owned)).collect())
}

/// The tests on a real API server.
pub fn cluster() -> Result<(), Failure> {
    let program = built(&["--workspace", "--locked", "--test", "cluster"], "cluster")?.display().to_string();
    let groups: Vec<_> = BESIDE
        .into_iter()
        .map(|group| {
            let program = program.clone();
            thread::spawn(move || beside(&program, group).map_err(|error| error.to_string()))
        })
        .collect();
    let skipped = BESIDE.concat().into_iter().flat_map(|module| ["--skip", module]);
    // The tests of the plugin's binary are built along, and so is the binary.
    let targets = ["--test", "cluster", "--test", "usage"];
    let others = [&WORKSPACE[..], &targets, &ONE_BY_ONE].concat();
    let mut outcome = run("cargo", &others.into_iter().chain(skipped).collect::<Vec<_>>());
    for group in groups {
        let ended = group.join().map_err(|_| "the thread of a group of tests has panicked")?;
        outcome = outcome.and(ended.map_err(Into::into));
    }
    outcome
}

fn beside(program: &str, group: &[&str]) -> Result<(), Failure> {
    let log = root().join(format!("target/beside-{}.log", group[0].trim_end_matches(':')));
    let tests = command(program, &[&["--ignored", "--test-threads=1"], group].concat());
    let status = Tether::run(&tests, &File::create(&log)?)?.wait()?;
    println!("\n=== beside the others\n{}", fs::read_to_string(&log)?);
    if status.success() { Ok(()) } else { Err(format!("the tests {group:?} failed ({status})").into()) }
}

/// Builds a test target and says where its program is.
pub fn built(selection: &[&str], name: &str) -> Result<PathBuf, Failure> {
    let mut cargo = command("nice", &["-n", "19", "cargo", "build", "--quiet"]);
    let output = cargo.args(selection).arg("--message-format=json-render-diagnostics").output()?;
    let messages = String::from_utf8(output.stdout)?;
    let mut artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let program = artifacts.rfind(|artifact| artifact["target"]["name"] == name);
    match program.as_ref().and_then(|artifact| artifact["executable"].as_str()) {
        Some(executable) => Ok(executable.into()),
        None => Err(format!("cannot build {name}: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}
