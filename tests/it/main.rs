//! Everything that runs without a cluster.

mod plan;
