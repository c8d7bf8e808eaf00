//! The real binary on a real Kubernetes API server and the double. Judged from the double's side: jobs created per
//! object, calls made; and from the API server's: writes made.
//!
//! Each test has a namespace, a double and an operator of its own; the control plane is shared. `weight` comes last by its
//! name: what it leaves makes the API server slow.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking"
)]

mod account;
mod adopt;
mod blocked;
mod burst;
mod check;
mod deadlines;
mod debug;
mod deletion;
mod depend;
mod ends;
mod faults;
mod field;
mod hostile;
mod kill;
mod leader;
mod life;
mod limits;
mod logs;
mod lost;
mod mirrored;
mod moved;
mod neighbours;
mod operator;
mod owner;
mod parts;
mod plugin;
mod plugin_logs;
mod proxy;
mod queues;
mod refused;
mod relist;
mod replaced;
mod schedule;
mod schema;
mod stage;
mod start;
mod stop;
mod told;
mod torn;
mod trouble;
mod unread;
mod unwritable;
mod weight;
