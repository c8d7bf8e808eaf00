//! Everything that runs without a cluster.

mod plan;
mod schema;
mod tidy;
mod wire;
