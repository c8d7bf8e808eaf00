//! The program around the controller: flags, environment, and the checks before and beside its work.

pub mod account;
pub mod check;
pub mod cli;
pub mod config;
pub mod environment;
pub mod explain;
pub mod preflight;
