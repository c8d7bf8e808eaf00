//! What several test suites stand on, and what is said here once: chance with a seed, golden pages, the judge of "exactly
//! once", a GET, a request with JSON, a proxy, and how the CRD gets served.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod ask;
mod crd;
mod dice;
mod get;
mod golden;
mod judge;
mod tunnel;

pub use ask::{ask, open};
pub use crd::{serve_batch_jobs, wait_until_served};
pub use dice::Dice;
pub use get::get;
pub use golden::{assert_golden, assert_golden_part, diff, is_update};
pub use judge::{Jobs, TAG_UID, uid_of};
pub use tunnel::Tunnel;
