//! What GitOps tools make of BatchJobs: objects captured from the real API server for their health checks, and a real
//! Argo CD that keeps BatchJobs from a Git repository.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking"
)]

mod action;
mod application;
mod argo;
mod argo_workflows;
mod capture;
mod change;
mod crd;
mod drift;
mod git;
mod health;
mod helm;
mod hook;
mod mask;
#[path = "../cluster/operator.rs"]
#[allow(dead_code, reason = "shared with the tests of the cluster, which need more of it")]
mod operator;
mod prune;
mod replace;
mod shapes;
#[path = "../cluster/stage.rs"]
#[allow(dead_code, reason = "shared with the tests of the cluster, which need more of it")]
mod stage;
mod tekton;
