//! Everything that runs without a cluster.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    clippy::disallowed_methods,
    reason = "a test fails by panicking"
)]

mod allocator;
mod check;
mod circles;
mod crowd;
mod debug;
mod dependencies;
mod egress;
mod ender;
mod engines;
mod explain;
mod follow;
mod fuzz;
mod help;
mod http;
mod imports;
mod leader;
mod listing;
mod lookups;
mod netns;
mod packaging;
mod page;
mod plan;
mod port;
mod queues;
mod schema;
mod schema_guard;
mod sentences;
mod shared_search;
mod shares;
mod tidy;
mod watch;
mod wire;
mod writes;
