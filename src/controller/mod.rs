//! The shell around the planner: gathers a situation, carries out the plan, tells the world. Decides nothing.

mod context;
mod error;
mod execute;
mod kin;
mod memory;
mod observe;
mod patch;
mod reconcile;
mod report;
mod run;
mod state;
mod watch;

pub use context::{Context, Target};
pub use error::Error;
pub use run::{Controller, Parts};
pub use state::State;
