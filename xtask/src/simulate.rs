//! The simulation over many seeds, in a profile of its own: optimised, as most of it is computing.

use std::fs::{self, File};
use std::path::PathBuf;
use std::thread::{self, JoinHandle};

use controlplane::Tether;
use serde_json::Value;

use crate::run::{Failure, command, root};

/// Why a run fails, but for what is above it.
const BROKEN: &str = "a world or a state broke a promise; its history is above";

/// The simulation and the model, as Cargo selects them.
const SIMULATION: [&str; 8] =
    ["--profile", "simulation", "--workspace", "--locked", "--test", "sim", "--test", "model"];

/// The tests of it that are run: so many worlds, and those with the real client.
const WORLDS: [&str; 3] = ["--ignored", "many_worlds", "a_thousand_worlds_with_the_real_client"];

/// The one search of the model that is too large for the dev profile, and small enough for every full test.
const LARGEST: [&str; 2] = ["--ignored", "one_fault_of_any_kind"];

/// Runs so many worlds, from seed 0 on.
pub fn simulate(worlds: u64) -> Result<(), Failure> {
    let mut simulation = command(&build("sim")?.display().to_string(), &WORLDS);
    let status = simulation.env("SIMULATION_WORLDS", worlds.to_string()).status()?;
    if status.success() { Ok(()) } else { Err(BROKEN.into()) }
}

/// The same in the background, after the model, at the lowest priority: in the pauses of whatever else runs.
pub fn in_background(worlds: u64) -> JoinHandle<Result<(), String>> {
    thread::spawn(move || at_low_priority(worlds).map_err(|error| error.to_string()))
}

fn at_low_priority(worlds: u64) -> Result<(), Failure> {
    let log = root().join("target/simulation.log");
    for (name, arguments) in [("model", &[][..]), ("model", &LARGEST), ("sim", &WORLDS)] {
        let program = build(name)?.display().to_string();
        let mut run = command("nice", &[&["-n", "19", &program], arguments].concat());
        run.env("SIMULATION_WORLDS", worlds.to_string());
        let status = Tether::run(&run, &File::create(&log)?)?.wait()?;
        println!("{}", fs::read_to_string(&log)?);
        if !status.success() {
            return Err(BROKEN.into());
        }
    }
    Ok(())
}

/// Builds one of the two and says where it is.
fn build(name: &str) -> Result<PathBuf, Failure> {
    let mut cargo = command("nice", &["-n", "19", "cargo", "build", "--quiet"]);
    let output = cargo.args(SIMULATION).arg("--message-format=json-render-diagnostics").output()?;
    let messages = String::from_utf8(output.stdout)?;
    let mut artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let program = artifacts.rfind(|artifact| artifact["target"]["name"] == name);
    match program.as_ref().and_then(|artifact| artifact["executable"].as_str()) {
        Some(executable) => Ok(executable.into()),
        None => Err(format!("cannot build {name}: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}
