//! A Kubernetes operator that runs AWS Batch jobs, effectively once. ARCHITECTURE.md is the map.

pub mod account;
pub mod api;
pub mod batch;
pub mod causes;
pub mod check;
pub mod cli;
pub mod clock;
pub mod config;
pub mod controller;
pub mod environment;
pub mod fair;
pub mod http;
pub mod key;
pub mod kubernetes;
pub mod leader;
pub mod moment;
pub mod pace;
pub mod plan;
pub mod poller;
pub mod preflight;
pub mod telemetry;
pub mod text;
