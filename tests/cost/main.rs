//! What the operator costs, in units that do not depend on the load of the machine.
//! `cargo xtask bench instructions` runs each test below valgrind, and prints a table.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod client;
mod crowd;
mod instructions;
mod life;
mod work;
