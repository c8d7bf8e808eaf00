//! An object whose status names a job that is not proven to be its own. A person wrote the id, a clone of the cluster
//! copied it, or the consent to an adoption is gone. The job is neither shown nor ended.

use kube::ResourceExt;

use crate::api::condition::{self, Reason};
use crate::api::{TAG_CLUSTER, TAG_NAME, TAG_NAMESPACE, TAG_UID};
use crate::job::{JobId, RemoteJob};
use crate::moment::left;
use crate::plan::claim::Claimed;
use crate::plan::life::idle::{self, Answer};
use crate::plan::life::{found, recover, release};
use crate::plan::rule::consent;
use crate::plan::rule::patience::{TAG_WINDOWS, is_unknown_for_good, wait_left};
use crate::plan::situation::Situation;
use crate::plan::status::submitted;
use crate::plan::status::write::{self, NewCondition};
use crate::plan::{Because, Note, Plan};

/// The plan for a job of another owner. A search by name finds the object's own job, if there is one.
pub fn plan(s: &Situation<'_>, id: &JobId) -> Plan {
    if s.is_deleting() {
        return leave(s, id);
    }
    if let Some(own) = own(s) {
        return own;
    }
    let is_adopting = s.adopts().is_some();
    let text = format!(
        "Job {id}, which status.jobId names, is not the job of this BatchJob: its tags name another owner. It is neither shown nor ended. {}",
        if is_adopting { "Nothing in AWS grants its adoption any more" } else { WAY_OUT }
    );
    let held = held(s, id, &text);
    // An object with a claim may have a job of its own, whatever a person has written since.
    if is_adopting && !matches!(s.claimed(), Claimed::Yes(_)) {
        return held.waking_in(consent::ASK_AGAIN);
    }
    idle::look(s, held, Answer::MayChange)
}

/// A deleted object leaves that job alone. A search for its own job comes first. New consent may not be visible yet, so
/// an adopting object waits for as long as a tag may lag.
fn leave(s: &Situation<'_>, id: &JobId) -> Plan {
    let follow = Some(id.clone());
    let left = wait_left(s, s.settings.visibility_window * TAG_WINDOWS);
    if let Some(left) = left.filter(|_| s.adopts().is_some()) {
        return Plan { follow, ..Plan::rest() }.waking_in(left);
    }
    let own = s.doubt().and_then(|doubt| recover::settle_doubt(s, &doubt));
    let let_go = || release::let_go(s, &format!("Job {id} is not its own, and is left alone"));
    let plan = own.unwrap_or_else(let_go);
    Plan { follow: plan.follow.or(follow), ..plan }
}

const WAY_OUT: &str = "Delete this BatchJob; if its own job runs, it is looked for by its name and ended";

/// The plan for a job that the search by name found.
fn own(s: &Situation<'_>) -> Option<Plan> {
    let found = s.lookup.as_ref()?.found.as_ref().ok()?;
    let (oldest, extras) = found.own.split_first()?;
    Some(found::adopt(s, oldest, extras))
}

/// The plan for a job that lacks our tags. `waiting` is the plan for a job before its first look.
pub fn unproven(s: &Situation<'_>, waiting: Plan, job: &RemoteJob) -> Plan {
    if s.is_deleting() && (job.status.is_terminal() || is_unknown_for_good(s)) {
        return leave(s, &job.id);
    }
    if let Some(own) = own(s) {
        return own;
    }
    let window = s.settings.visibility_window * TAG_WINDOWS;
    if let Some(left) = left(window - s.ago(s.first_seen.moment)) {
        return waiting.waking_in(left);
    }
    idle::look(s, held(s, &job.id, &untagged(s, &job.id)), Answer::MayChange)
}

fn untagged(s: &Situation<'_>, id: &JobId) -> String {
    let identity = s.identity();
    let way_out = if s.is_deleting() {
        format!("To delete the object at once: {}", release::retain_command(&s.object.name_any()))
    } else {
        format!(
            "Put the tags back: {TAG_UID}={}, {TAG_CLUSTER}={}, {TAG_NAMESPACE}={}, {TAG_NAME}={}",
            identity.uid, identity.cluster, identity.namespace, identity.name
        )
    };
    format!("Job {id} lacks tags that name this BatchJob, and is neither shown nor ended. {way_out}")
}

/// Shows nothing of the job, and says why a person is needed.
pub fn held(s: &Situation<'_>, id: &JobId, text: &str) -> Plan {
    let mut says = submitted::says(s, id);
    says.push(NewCondition::is_false(condition::OBSERVED, Reason::NotOwned, text));
    says.push(NewCondition::is_true(condition::STALLED, Reason::NotOwned, text));
    Plan {
        status: write::status(s, says, |status| status.reason = Some(text.to_owned())),
        notes: vec![Note::warning(Reason::NotOwned, text)],
        follow: Some(id.clone()),
        ..Plan::rest()
    }
    .because(Because::NotProven)
}
