//! A job that DescribeJobs does not return. This proves nothing: reads lag, and the operator may have been moved.

use std::time::Duration;

use jiff::SignedDuration;
use kube::ResourceExt;

use crate::api::Phase;
use crate::api::condition::{self, Reason};
use crate::job::JobId;
use crate::moment::Moment;
use crate::plan::life::{found, release, stranger};
use crate::plan::rule::look::question;
use crate::plan::rule::patience::{is_long_deleted, is_queue_gone};
use crate::plan::situation::Situation;
use crate::plan::status::submitted;
use crate::plan::status::write::{self, NewCondition};
use crate::plan::{Note, Plan, Question, Step};

/// A job that has been missing from DescribeJobs for this time is searched for by name.
pub const VANISHED: SignedDuration = SignedDuration::from_mins(5);

/// The pause while a read is still to come.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// The pause after a search that did not show whether the job is gone.
const SEARCH_AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// The plan for a job that was missing in every look from `since` to `until`. `plan` is the plan for a job before its
/// first look. The job has vanished when a search by name is answered and does not show it.
pub fn plan(s: &Situation<'_>, plan: Plan, id: &JobId, (since, until): (Moment, Moment)) -> Plan {
    // The time between the looks counts, not the clock: a process that was stopped has not looked.
    if until.since(since) < VANISHED {
        let left = Duration::try_from(VANISHED - s.ago(since)).unwrap_or_default();
        return plan.waking_in(left.max(LOOK_AGAIN));
    }
    if s.known_job_name().is_none() && !is_long_deleted(s) {
        return unnamed(s, id);
    }
    let name = s.known_job_name().unwrap_or_else(|| s.job_name());
    let ask = Plan { step: Step::SearchByName(Question { name, ..question(s) }), ..plan.clone() };
    let Some(lookup) = s.lookup.as_ref().filter(|lookup| lookup.asked.moment >= since + VANISHED) else {
        return ask;
    };
    match &lookup.found {
        Ok(jobs) if !jobs.shows_the_job => match jobs.own.split_first() {
            // The id in the status is wrong, or only a second job is left.
            Some((oldest, extras)) => found::adopt(s, oldest, extras),
            None => vanished(s, id),
        },
        Err(fault) if s.is_deleting() && (is_queue_gone(lookup) || is_long_deleted(s)) => {
            let why = format!(
                "Job {id} is missing, and its queue cannot be looked at: {fault}. If it runs, it goes on"
            );
            Plan { notes: vec![Note::warning(Reason::Released, why)], ..release::release(s) }
        }
        _ if s.ago(lookup.asked.moment) >= SEARCH_AGAIN => ask,
        Ok(_) => plan.waking_in(LOOK_AGAIN),
        Err(fault) => {
            let way_out = way_out(s, "If the queue is gone, delete the object");
            let text = format!(
                "DescribeJobs does not tell of job {id}. {way_out}. Looking for the job in its queue failed: {fault}"
            );
            let say = NewCondition::is_false(condition::OBSERVED, fault.kind.meaning().reason, text);
            let status = write::also(s, plan.status.clone(), &say);
            Plan { status, ..plan }.waking_in(LOOK_AGAIN)
        }
    }
}

/// A missing job that cannot be searched for, because no record holds its name. The operator writes id and name
/// together, so a person has written the id.
fn unnamed(s: &Situation<'_>, id: &JobId) -> Plan {
    let way_out = way_out(s, "If the job is gone, delete the object");
    let text =
        format!("DescribeJobs does not tell of job {id}, and the name of the job is not known. {way_out}");
    stranger::held(s, id, &text).waking_in(LOOK_AGAIN)
}

fn way_out(s: &Situation<'_>, living: &str) -> String {
    if s.is_deleting() {
        return format!("To delete the object at once: {}", release::retain_command(&s.object.name_any()));
    }
    living.to_owned()
}

fn vanished(s: &Situation<'_>, id: &JobId) -> Plan {
    let text = format!(
        "AWS no longer tells of job {id}, and its queue does not list it: it ended long ago, or it was removed. It is not submitted again"
    );
    let (mut says, change) = write::failure(Phase::Unknown, Reason::JobVanished, &text);
    says.extend(submitted::says(s, id));
    Plan {
        status: write::status(s, says, |status| {
            status.job_id = Some(id.to_string());
            change(status);
        }),
        notes: vec![Note::warning(Reason::JobVanished, text)],
        ..release::release(s)
    }
}
