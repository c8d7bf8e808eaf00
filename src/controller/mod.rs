//! The shell around the planner: gathers a situation, carries out the plan, tells the world. Decides nothing.

mod afterlife;
mod bypassed;
mod compose;
mod context;
mod cycles;
mod dependencies;
mod error;
mod event_queue;
mod event_writer;
mod events;
mod execute;
mod inspect;
mod memory;
mod observe;
mod pages;
mod patch;
mod place;
mod reconcile;
mod report;
mod rings;
mod run;
mod span;
mod state;
mod terms;
mod trim;
mod verdicts;
mod waiting;
mod wake;
mod watch;
mod writes;

use kube::core::DeserializeGuard;

use crate::api::BatchJob;

/// An object as the cache holds it: one that cannot be decoded must not stop the others.
pub type Guarded = DeserializeGuard<BatchJob>;

pub use compose::{Assembly, Bounds, Parts};
pub use context::Context;
pub use dependencies::Dependencies;
pub use error::Error;
pub use inspect::Inspector;
pub use memory::Memory;
pub use place::Place;
pub use reconcile::{bring_forward, pause_after};
pub use report::Reporter;
pub use run::Controller;
pub use state::State;
pub use terms::serve;
pub use trim::{trim, trim_decoded};
pub use wake::Wake;
pub use watch::Intake;
pub use writes::Writes;
