//! The election on a stopped clock, over an API server in memory: who leads, from when, until when.

mod lease_server;
mod tables;
