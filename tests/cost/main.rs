//! What the operator costs, in units that are the same on every machine: instructions (`instructions`) and bytes (`heap`).
//! `cargo xtask bench instructions` and `cargo xtask bench heap` run each test below valgrind and print a table.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod client;
mod crowd;
mod heap;
mod instructions;
mod life;
mod work;
