//! A small honest AWS Batch on loopback: a machine with state, not a script of expected calls. It knows nothing of who
//! calls it. What it does follows the service's documentation; where that is silent, the plainest behaviour.

mod answer;
mod behaviour;
mod describe;
mod end;
mod fault;
mod job;
mod life;
mod limit;
mod list;
mod reply;
mod server;
mod shared;
mod steer;
mod submit;
mod wire;
mod world;

pub use behaviour::Behaviour;
pub use fault::{Fault, Kind, When};
pub use server::Double;
pub use shared::{Config, Lag, Logged};
pub use world::{Definition, JobView, Queue};
