//! One test for each work whose instructions are counted. `tests/cost/instructions.txt` has the recorded counts.

mod decode;
mod encode;
mod plan;
mod tracker;
