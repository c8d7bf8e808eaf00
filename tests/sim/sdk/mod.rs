//! The operator's real client: the AWS SDK, over a network in memory, against the double. This covers signing, the last
//! check before sending, decoding and the sorting of faults.

mod account;
mod arrival;
mod client;
mod mistake;
mod network;
mod worlds;

pub use account::Account;
pub use client::client;
