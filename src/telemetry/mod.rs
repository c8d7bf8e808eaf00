//! Logs and metrics. Labels come from our enums only: no user's string ever becomes one.

mod log;
mod metrics;

pub use log::{Format, init, logger};
pub use metrics::{LeftOut, Metrics};
