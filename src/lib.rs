//! A Kubernetes operator that runs AWS Batch jobs, effectively once. ARCHITECTURE.md is the map.

pub mod api;
pub mod app;
pub mod aws;
pub mod causes;
pub mod clock;
pub mod controller;
pub mod fair;
pub mod help;
pub mod http;
pub mod job;
pub mod key;
pub mod kubernetes;
pub mod leader;
pub mod moment;
pub mod plan;
pub mod queue;
pub mod telemetry;
pub mod text;
pub mod tracker;
pub mod view;
