//! The chart and the plain manifests: rendered by both Helms, judged object by object, and put on a real API server.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::needless_pass_by_value, reason = "`json!` reads best where it is passed")]

mod admission;
mod agree;
mod force;
mod helm;
mod image;
mod life;
mod namespace;
mod neighbours;
mod objects;
mod openshift;
mod pod;
mod refuse;
mod release;
mod rights;
mod server;
mod upgrade;
mod world;
