//! The simulation over many seeds, in a profile of its own: optimised, as most of it is computing.

use std::fs::{self, File};
use std::thread::{self, JoinHandle};

use controlplane::Tether;

use crate::bench::instructions;
use crate::run::{Failure, command, root};
use crate::suites::built;

/// Why a run fails, but for what is above it.
const BROKEN: &str = "a world or a state broke a promise; its history is above";

/// The simulation and the model, as Cargo selects them.
const SIMULATION: [&str; 8] =
    ["--profile", "simulation", "--workspace", "--locked", "--test", "sim", "--test", "model"];

/// The tests of it that are run: so many worlds, and those with the real client.
const WORLDS: [&str; 3] = ["--ignored", "many_worlds", "a_thousand_worlds_with_the_real_client"];

/// Its tests of itself: each mistake is caught, and the walk gets everywhere. The thousand worlds are among the many.
const ITSELF: [&str; 2] = ["--skip", "a_thousand_worlds"];

/// The one search of the model that is too large for the dev profile, and small enough for every full test.
const LARGEST: [&str; 2] = ["--ignored", "one_fault_of_any_kind"];

/// Runs so many worlds, from seed 0 on.
pub fn simulate(worlds: u64) -> Result<(), Failure> {
    let mut simulation = command(&built(&SIMULATION, "sim")?.display().to_string(), &WORLDS);
    let status = simulation.env("SIMULATION_WORLDS", worlds.to_string()).status()?;
    if status.success() { Ok(()) } else { Err(BROKEN.into()) }
}

/// The same in the background, after the model, at the lowest priority: in the pauses of whatever else runs.
pub fn in_background(worlds: u64) -> JoinHandle<Result<(), String>> {
    thread::spawn(move || at_low_priority(worlds).map_err(|error| error.to_string()))
}

fn at_low_priority(worlds: u64) -> Result<(), Failure> {
    instructions()?;
    let log = root().join("target/simulation.log");
    let steps = [("model", &[][..]), ("model", &LARGEST), ("sim", &ITSELF), ("sim", &WORLDS)];
    for (name, arguments) in steps {
        let program = built(&SIMULATION, name)?.display().to_string();
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
