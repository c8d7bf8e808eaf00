//! An object that never gets a job.

use super::settle::{self, Say};
use super::situation::Situation;
use super::{Note, Plan, release};
use crate::api::Phase;
use crate::api::condition::{self, Reason};

/// Gives it up: it has no job, and never will have one.
pub fn give_up(s: &Situation<'_>, reason: Reason, why: &str) -> Plan {
    let (mut says, change) = settle::failure(Phase::Failed, reason, why);
    says.insert(0, Say::no(condition::SUBMITTED, reason, why));
    Plan {
        status: settle::status(s, says, change),
        notes: vec![Note::warning(reason, why)],
        ..release::release(s)
    }
}
