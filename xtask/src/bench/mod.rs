//! What the operator costs, and how soon it acts. Counts and ratios are the point. Absolute times are those of one
//! machine.

mod control_plane;
mod heap;
mod instructions;
mod load;
mod markdown;
mod process;
mod proxy;
mod requests;
mod scale;
mod server;
mod stage;
mod statistics;
mod subject;
mod valgrind;
mod wait;
mod watch;

use clap::Subcommand;

use crate::run::Failure;
pub use instructions::instructions;
pub use valgrind::require;

/// What is measured.
#[derive(Debug, Subcommand)]
pub enum What {
    /// Processor time of the API server, and its requests, for each BatchJob
    ControlPlane(control_plane::Options),
    /// Memory, calls of AWS, delays and failover with many BatchJobs
    Scale(scale::Options),
    /// Instructions of planner, encoders, decoders and tracker, beside the recorded counts; needs valgrind
    Instructions,
    /// Bytes of the process for each BatchJob, by part; needs valgrind
    Heap,
}

/// Measures, prints a table, and writes the files.
pub fn bench(what: &What) -> Result<(), Failure> {
    match what {
        What::ControlPlane(options) => control_plane::control_plane(options),
        What::Scale(options) => scale::scale(options),
        What::Instructions => instructions::instructions(),
        What::Heap => heap::heap(),
    }
}
