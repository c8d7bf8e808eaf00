//! A deleted object: its job is ended first. The finalizer is removed when nothing is left to do.

use kube::ResourceExt;

use crate::api::DeletionPolicy;
use crate::api::condition::{self, Reason};
use crate::job::{EndKind, JobId};
use crate::plan::life::{release, terminate, track};
use crate::plan::rule::started::has_started;
use crate::plan::situation::Situation;
use crate::plan::status::write::{self, NewCondition};
use crate::plan::{Note, Plan, Step};

/// What AWS shows as the reason of the end.
const DELETED: &str = "the BatchJob was deleted";

/// The plan for a deleted object whose job has not been seen to end; `None`: it is not deleted, or has no job.
pub fn plan(s: &Situation<'_>) -> Option<Plan> {
    let id = s.job_id().filter(|_| s.is_deleting())?;
    Some(end(s, &id))
}

/// The plan for a deleted object that never had a job, or whose job is left alone. `None`: the object is not deleted,
/// or a search for its job comes first.
pub fn without_a_job(s: &Situation<'_>) -> Option<Plan> {
    if !s.is_deleting() {
        return None;
    }
    let why = match s.doubt() {
        None => "It was deleted before AWS had a job of it",
        Some(_) if s.deletion_policy() == DeletionPolicy::Retain => {
            "It may have a job, which is left alone: deletionPolicy is Retain"
        }
        Some(_) => return None,
    };
    Some(release::let_go(s, why))
}

fn end(s: &Situation<'_>, id: &JobId) -> Plan {
    let kind = match s.deletion_policy() {
        DeletionPolicy::Retain => {
            return release::let_go(s, &format!("Job {id} is left alone: deletionPolicy is Retain"));
        }
        DeletionPolicy::Cancel => EndKind::Cancel,
        DeletionPolicy::Terminate => EndKind::Terminate,
    };
    let plan = track::job(s, id);
    match plan.step {
        Step::Rest if kind == EndKind::Cancel && has_started(s, id) => {
            if plan.follow.is_some() {
                waits_for_its_end(s, plan, id)
            } else {
                plan
            }
        }
        Step::Rest => terminate::ask(s, plan, id, (kind, DELETED)),
        _ => plan,
    }
}

/// Waits for the end of a job that has started. CancelJobs would end such a job between two attempts.
fn waits_for_its_end(s: &Situation<'_>, mut plan: Plan, id: &JobId) -> Plan {
    let text = format!(
        "Job {id} has started, and deletionPolicy Cancel ends no such job: the object goes when the job ends. To delete it at once: {}",
        release::retain_command(&s.object.name_any())
    );
    plan.status = write::also(
        s,
        plan.status,
        &NewCondition::is_true(condition::RECONCILING, Reason::Terminating, text.clone()),
    );
    plan.notes.push(Note::normal(Reason::Terminating, text));
    plan
}
