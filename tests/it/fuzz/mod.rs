//! Whatever AWS, a proxy or an API server sends, decoding ends, soon, without a panic. Seeded: a failure can be run again.

mod endpoint;
mod jobs;
mod mirror;
mod mutate;
mod objects;
mod replies;
