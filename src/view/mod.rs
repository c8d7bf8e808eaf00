//! What the planner is given and what it answers, for a person: as text and as JSON. Pure.
//!
//! Nothing here reads a spec. An answer is made of the plan, and facts of what lies around the object, so that no
//! environment and no parameter can come this way, whatever members a later version adds.

mod answer;
mod facts;

pub use answer::Answer;
pub use facts::facts;
