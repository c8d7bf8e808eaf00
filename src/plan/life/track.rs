//! An object whose job is known: the plan follows from what AWS shows of the job.

use crate::job::JobId;
use crate::plan::life::{follow, missing, stranger};
use crate::plan::rule::ownership::Proof;
use crate::plan::rule::unread;
use crate::plan::sight::Sighting;
use crate::plan::situation::Situation;
use crate::plan::{Because, Plan};

/// The plan for an object that has a job; `None`: it has none.
pub fn plan(s: &Situation<'_>) -> Option<Plan> {
    s.job_id().map(|id| job(s, &id))
}

/// The plan for an object that has this job.
pub fn job(s: &Situation<'_>, id: &JobId) -> Plan {
    unread::along(s, by_sighting(s, id), id)
}

fn by_sighting(s: &Situation<'_>, id: &JobId) -> Plan {
    match &s.sighting {
        Some(Sighting::Seen(job)) if job.id == *id => match s.proof(job) {
            Proof::Own(_) => follow::seen(s, job),
            Proof::None => stranger::unproven(s, follow::accepted(s, id), job).because(Because::NotProven),
            Proof::Stranger => stranger::plan(s, id).because(Because::NotProven),
        },
        Some(Sighting::Missing { since, until }) => {
            missing::plan(s, follow::accepted(s, id), id, (*since, *until)).because(Because::JobMissing)
        }
        _ => follow::accepted(s, id),
    }
}
