//! The request to end a job.

use std::time::Duration;

use jiff::SignedDuration;
use kube::ResourceExt;

use crate::api::condition::{self, Reason};
use crate::job::{EndKind, Fault, JobId, RemoteJob};
use crate::moment::left;
use crate::plan::deed::EndAsked;
use crate::plan::life::release;
use crate::plan::rule::backoff;
use crate::plan::rule::patience::{is_unknown_for_good, wait_left};
use crate::plan::rule::started::{Before, before_cancelling};
use crate::plan::sight::Sighting;
use crate::plan::situation::Situation;
use crate::plan::status::write::{self, NewCondition};
use crate::plan::{Note, Plan, Step};

/// A request that has had no effect for this time is made again.
const ASK_AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// Asks AWS to end the job, unless an earlier request still has time to act. Only a job that is proven to be the
/// object's is ended. A job is cancelled only after a look has shown that it has not started.
pub fn ask(s: &Situation<'_>, mut plan: Plan, id: &JobId, (kind, reason): (EndKind, &'static str)) -> Plan {
    let Some(owned) = s.owned(id) else { return unseen(s, plan, id) };
    // After a change of the policy, AWS is asked at once.
    let asked = s.end_asked_of(id).filter(|asked| asked.kind == kind);
    let fault = asked.and_then(|asked| asked.fault.as_ref());
    if let Some(fault) = fault {
        plan.status = write::also(s, plan.status, &stuck(s, id, fault));
    }
    if let Some(wait) = asked.and_then(|asked| pause_left(s, asked)) {
        plan.wake = Some(plan.wake.map_or(wait, |wake| wake.min(wait)));
        return plan;
    }
    let is_ending = |job: &RemoteJob| job.is_terminated || kind == EndKind::Cancel && job.is_cancelled;
    if asked.is_some() && matches!(&s.sighting, Some(Sighting::Seen(job)) if is_ending(job)) {
        return plan;
    }
    match before_cancelling(s, id).filter(|_| kind == EndKind::Cancel) {
        Some(Before::Look(step)) => return Plan { step, ..plan },
        Some(Before::Wait(left)) => return plan.waking_in(left),
        None => {}
    }
    plan.step = Step::EndJobs { kind, ids: vec![owned], reason };
    plan.notes.push(match fault {
        None => Note::normal(Reason::Terminating, format!("Asked AWS to end job {id}: {reason}")),
        Some(fault) => Note::warning(Reason::Terminating, stuck(s, id, fault).message),
    });
    plan
}

/// How long until a request to end may be made again; `None`: now.
pub fn pause_left(s: &Situation<'_>, asked: &EndAsked) -> Option<Duration> {
    let pause = match &asked.fault {
        None => ASK_AGAIN,
        Some(fault) => backoff::pause(fault.kind, 1, None, &s.object.uid().unwrap_or_default()),
    };
    left(pause - s.ago(asked.at))
}

/// How long a deleted object waits for a look at its job before the status says so.
const UNSEEN_FOR: SignedDuration = SignedDuration::from_mins(1);

/// A deleted object whose job is not proven yet: nothing is ended before the proof. After a while the status says so,
/// with the way out.
fn unseen(s: &Situation<'_>, mut plan: Plan, id: &JobId) -> Plan {
    if !s.is_deleting() {
        return plan;
    }
    if is_unknown_for_good(s) {
        return release::let_go(
            s,
            &format!("AWS has not told for a day whose job {id} is. If it runs, it goes on"),
        );
    }
    if let Some(left) = wait_left(s, UNSEEN_FOR) {
        return plan.waking_in(left);
    }
    let text = format!(
        "Job {id} is ended once AWS has told whose it is. To delete the object at once: {}",
        release::retain_command(&s.object.name_any())
    );
    plan.status = write::also(
        s,
        plan.status,
        &NewCondition::is_true(condition::RECONCILING, Reason::Terminating, text),
    );
    plan
}

/// What is wrong, and the way out: the command for a deleted object, or the deadline.
fn stuck(s: &Situation<'_>, id: &JobId, fault: &Fault) -> NewCondition {
    let way_out = if s.is_deleting() {
        release::retain_command(&s.object.name_any())
    } else {
        "raise or remove its deadline".to_owned()
    };
    // The way out comes first, because a long text of AWS is cut.
    let text = format!(
        "The job does not end. To let it run: {way_out}. AWS is asked again; it said of {id}: {fault}"
    );
    let kind = if fault.kind.passes_by_itself() { condition::RECONCILING } else { condition::STALLED };
    NewCondition::is_true(kind, Reason::Terminating, text)
}
