//! A deleted object: its job is ended first, and the finalizer goes when nothing is left to do.

use kube::ResourceExt;

use super::settle::{self, Say};
use super::situation::Situation;
use super::started::has_started;
use super::{Note, Plan, Step, ending, track};
use crate::api::DeletionPolicy;
use crate::api::condition::{self, Reason};
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
        Step::Rest if kind == EndKind::Cancel && has_started(s, id) => {
            if plan.follow.is_some() {
                waits_for_its_end(s, plan, id)
            } else {
                plan
            }
        }
        Step::Rest => ending::ask(s, plan, id, (kind, DELETED)),
        _ => plan,
    }
}

/// CancelJobs would end a job that is back in RUNNABLE for its next attempt, though it has started.
fn waits_for_its_end(s: &Situation<'_>, mut plan: Plan, id: &JobId) -> Plan {
    let text = format!(
        "Job {id} has started, and deletionPolicy Cancel ends no such job: the object goes when the job ends. To delete it at once: {}",
        ending::retain_command(&s.object.name_any())
    );
    plan.status =
        settle::also(s, plan.status, &Say::yes(condition::RECONCILING, Reason::Terminating, text.clone()));
    plan.notes.push(Note::normal(Reason::Terminating, text));
    plan
}
