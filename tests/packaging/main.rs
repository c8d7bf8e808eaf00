//! The chart and the plain manifests: rendered by both Helms, judged object by object, and put on a real API server.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod admission;
mod agree;
mod force;
mod helm;
mod image;
mod life;
mod namespace;
mod neighbours;
mod objects;
mod pod;
mod refuse;
mod release;
mod rights;
mod server;
mod upgrade;
mod world;
