//! An object that never gets a job.

use crate::api::Phase;
use crate::api::condition::{self, Reason};
use crate::plan::life::release;
use crate::plan::situation::Situation;
use crate::plan::status::write::{self, NewCondition};
use crate::plan::{Because, Note, Plan};

/// Writes the phase Failed, and releases the object.
pub fn give_up(s: &Situation<'_>, reason: Reason, why: &str) -> Plan {
    let (mut says, change) = write::failure(Phase::Failed, reason, why);
    says.insert(0, NewCondition::is_false(condition::SUBMITTED, reason, why));
    Plan {
        status: write::status(s, says, change),
        notes: vec![Note::warning(reason, why)],
        ..release::release(s)
    }
    .because(Because::GivenUp)
}
