//! The planner, tried as a table: a situation in, a plan out. No server, no clock, no cluster.

mod adoption;
mod attempts;
pub mod bounds;
pub mod cases;
mod deadlines;
mod details;
mod ends;
mod hostile;
mod memory;
mod overdue;
mod pace;
mod partitions;
mod properties;
mod protocol;
mod refused;
pub mod remote;
pub mod scene;
mod states;
mod sweep;
mod tables;
mod trimmed;
mod unread;
mod waiting;
mod whose;
mod whys;
