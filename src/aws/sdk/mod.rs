//! The only module that uses the SDK: our calls of AWS Batch and AWS STS.

mod client;
mod complete_answer;
mod connect;
mod containers;
mod credentials;
mod decode;
mod end;
mod endpoints;
mod fault;
mod http;
mod identity;
mod last_check;
mod milliseconds;
mod probe;
mod proxies;
mod read;
mod route;
mod settings;
mod token;
mod trust;
mod whole;

pub use client::Aws;
pub use connect::{Connection, load};
pub use endpoints::Endpoints;
pub use http::http_client;
pub use identity::{Caller, Identity};
pub use probe::Probe;
pub use proxies::Proxies;
pub use settings::{Settings, Time};
