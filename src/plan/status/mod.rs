//! The status: its contents, and how it is written.

pub mod bounds;
pub mod indexes;
pub mod lengths;
pub mod links;
pub mod mirror;
pub mod parts;
pub mod schedulable;
pub mod submitted;
pub mod write;
