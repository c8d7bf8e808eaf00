//! The input and the answer of the planner, for a person: as text and as JSON. Pure.
//!
//! Nothing here reads a spec. Answers come from the plan, and facts from the situation around the object. So no
//! environment and no parameter can be shown, whatever members a later version adds.

mod answer;
mod evidence;
mod facts;
mod why;

pub use answer::Answer;
pub use facts::facts;
pub use why::Why;
