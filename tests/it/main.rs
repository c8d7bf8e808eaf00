//! Everything that runs without a cluster.

mod plan;
mod tidy;
