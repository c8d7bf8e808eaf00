//! The simulation over many seeds, in a profile of its own: optimised, as most of it is computing.

use crate::run::{Failure, command};

/// Runs so many worlds, from seed 0 on.
pub fn simulate(worlds: u64) -> Result<(), Failure> {
    let test = ["test", "--profile", "simulation", "--workspace", "--locked", "--test", "sim"];
    let status = command("cargo", &test)
        .args(["--", "--ignored", "many_worlds"])
        .env("SIMULATION_WORLDS", worlds.to_string())
        .status()?;
    if status.success() { Ok(()) } else { Err("a world broke a promise; its history is above".into()) }
}
