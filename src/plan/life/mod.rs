//! What to do, by the part of an object's life.

pub mod adopt;
pub mod delete;
pub mod duplicates;
pub mod expire;
pub mod follow;
pub mod found;
pub mod give_up;
pub mod idle;
pub mod missing;
pub mod overdue;
pub mod recover;
pub mod release;
pub mod search;
pub mod stranger;
pub mod submit;
pub mod target;
pub mod terminate;
pub mod track;
