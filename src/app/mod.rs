//! The program around the controller: flags, environment, and what is looked at before and beside its work.

pub mod account;
pub mod check;
pub mod cli;
pub mod config;
pub mod environment;
pub mod explain;
pub mod preflight;
