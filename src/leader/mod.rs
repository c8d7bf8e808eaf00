//! Which of several replicas acts: the holder of a Lease of the API server. Knows nothing of BatchJobs or of AWS.
//!
//! All times are of our own monotonic clock. The times in the Lease are for people, so clocks that disagree do no harm.
//! A leader acts for `renew_deadline` after the start of its last renewal. The others wait for `lease_duration`, which
//! is longer, after they saw the last change of the Lease. So at most one replica acts.

mod elector;
mod judge;
mod record;
mod settings;
mod term;

pub use elector::Elector;
pub use judge::{Seen, Verdict, judge};
pub use settings::Settings;
pub use term::Leadership;
