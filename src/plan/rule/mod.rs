//! What is judged in several parts of a life.

pub mod backoff;
pub mod bypassed;
pub mod consent;
pub mod deadline;
pub mod dependencies;
pub mod doubt;
pub mod hold;
pub mod identity;
pub mod keeper;
pub mod look;
pub mod lost;
pub mod ownership;
pub mod pace;
pub mod patience;
pub mod place;
pub mod refusal;
pub mod relation;
pub mod started;
pub mod unread;
