//! A deleted object: its job is ended first, and the finalizer goes when nothing is left to do.

use super::situation::Situation;
use super::{Plan, Step, ending, track};
use crate::api::DeletionPolicy;
use crate::batch::{EndKind, JobId};

/// What AWS shows as the reason of the end.
const DELETED: &str = "the BatchJob was deleted";

/// The plan for a deleted object whose job has not been seen to end.
pub fn plan(s: &Situation<'_>, id: &JobId) -> Plan {
    let kind = match s.deletion_policy() {
        DeletionPolicy::Retain => {
            return ending::let_go(s, &format!("Job {id} is left alone: deletionPolicy is Retain"));
        }
        DeletionPolicy::Cancel => EndKind::Cancel,
        DeletionPolicy::Terminate => EndKind::Terminate,
    };
    let plan = track::plan(s, id);
    match plan.step {
        Step::Rest => ending::ask(s, plan, id, (kind, DELETED)),
        _ => plan,
    }
}
