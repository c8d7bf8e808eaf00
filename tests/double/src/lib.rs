//! A small honest AWS Batch with the Amazon CloudWatch Logs that its jobs write to, on loopback or as a library without a socket: a machine with state, not a script of expected calls. It knows nothing of who
//! calls it. What it does follows the service's documentation; where that is silent, the plainest behaviour.
//!
//! Simpler than the service: children of an array run side by side, so `SEQUENTIAL` and `N_TO_N` hold an array as a
//! whole; all nodes of a multi-node job live as its main node does; of several containers, the last one fails; no queue is
//! ever full.

mod answer;
mod attempt;
mod behaviour;
mod bounds;
mod catalogue;
mod check;
mod clock;
mod container;
mod delivery;
mod describe;
mod double;
mod end;
mod fault;
mod filter;
mod home;
mod identity;
mod job;
mod life;
mod limit;
mod list;
mod log;
mod logs;
mod members;
mod message;
mod name;
mod overrides;
mod preflight;
mod reply;
mod retry;
mod server;
mod service;
mod session;
mod shared;
mod signature;
mod steer;
mod submit;
#[cfg(test)]
mod tests;
mod view;
mod wire;
mod world;

pub use answer::Call;
pub use behaviour::{Behaviour, Output};
pub use catalogue::{Containers, Definition, Queue};
pub use clock::Clock;
pub use delivery::Delivery;
pub use double::Double;
pub use fault::{Fault, Kind, When};
pub use job::Hiding;
pub use log::{Count, Logged};
pub use logs::{Event, LogSettings, Written};
pub use message::Message;
pub use service::Core;
pub use shared::{Config, Lag};
pub use view::{JobView, Outlook};
