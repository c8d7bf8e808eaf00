//! The only place that names the SDK: how our calls go to AWS Batch and come back.

mod client;
mod containers;
mod decode;
mod fault;
mod transmit;
mod whole;

pub use client::{Aws, Settings};
