//! Which of several replicas acts: the one that holds a Lease of the API server. Knows nothing of BatchJobs or of AWS.
//!
//! Time is our own monotonic clock throughout: the times in the Lease are for people, and clocks that disagree do no
//! harm. A leader believes itself for `renew_deadline` after the start of its last renewal, and the others wait for
//! `lease_duration`, which is longer, after they saw the record move: so there is never more than one that believes.

mod elector;
mod judge;
mod record;
mod settings;
mod term;

pub use elector::Elector;
pub use judge::{Seen, Verdict, judge};
pub use settings::Settings;
pub use term::Leadership;
