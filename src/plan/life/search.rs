//! An object in doubt between two searches: the time of the next search, and the status meanwhile.

use std::time::Duration;

use jiff::SignedDuration;
use kube::ResourceExt;

use crate::api::Phase;
use crate::api::condition::{self, Reason};
use crate::job::FaultKind;
use crate::moment::left;
use crate::plan::deed::{Lookup, Outcome};
use crate::plan::life::release;
use crate::plan::rule::doubt::{Cause, Doubt};
use crate::plan::rule::look::question;
use crate::plan::rule::{backoff, place, refusal};
use crate::plan::situation::Situation;
use crate::plan::status::submitted;
use crate::plan::status::write::{self, NewCondition};
use crate::plan::{Claimed, Note, Plan, Step};

/// Searches again after a pause. The status says what the object waits for.
pub fn look_again(s: &Situation<'_>, doubt: &Doubt, lookup: &Lookup, what: &str) -> Plan {
    let waited = lookup.asked.wall.duration_since(doubt.since);
    let pause = (waited / 2).clamp(SignedDuration::from_secs(2), SignedDuration::from_secs(60));
    let window = s.settings.visibility_window;
    // A search at the end of the doubt settles the case.
    let left = match doubt.left(lookup.asked, window) {
        left if left > SignedDuration::ZERO => pause.min(left),
        _ => pause,
    };
    let left = left - s.ago(lookup.asked.moment);
    if left <= SignedDuration::ZERO {
        return Plan::step(Step::SearchByName(question(s)));
    }
    let again = Plan { wake: Duration::try_from(left).ok(), ..Plan::rest() };
    if !doubt.shows_a_send() && not_accepted(s).is_some() && !s.is_deleting() {
        return again;
    }
    let text = format!("{} {what} {}", lost(s, doubt), outlook(s, doubt));
    // An old object has no trace of a request, and the reason `Unconfirmed` would be such a trace.
    let reason = if doubt.shows_a_send() { Reason::Unconfirmed } else { Reason::Searching };
    let text = told_by_another(s, lookup, reason).unwrap_or(text);
    let says = vec![
        NewCondition::is_false(condition::SUBMITTED, reason, text.clone()),
        NewCondition::is_true(condition::RECONCILING, reason, "Looking for the job by its name"),
    ];
    Plan {
        status: write::status(s, says, |status| {
            status.phase = Some(Phase::Pending);
            status.reason = Some(text.clone());
            status.target = if doubt.shows_a_send() { place::of_request(s) } else { None };
        }),
        notes: vec![Note::warning(reason, text.clone())],
        ..again
    }
}

/// The plan for an old object in place of `sends`, while AWS refuses the search for its job. A refusal does not show that
/// there is no job. The queue may exist again while SubmitJob is on its way. `None`: AWS does not refuse the search.
pub fn until_answered(s: &Situation<'_>, sends: &Plan) -> Option<Plan> {
    let lookup = s.lookup.as_ref()?;
    let fault = lookup.found.as_ref().err().filter(|fault| fault.kind == FaultKind::Refused)?;
    let Some(left) = left(pause_after_refusal(s, lookup) - s.ago(lookup.asked.moment)) else {
        return Some(Plan::step(Step::SearchByName(question(s))));
    };
    let queue = Some(s.object.spec.job_queue.clone());
    let held = Plan { wake: sends.wake, queue, ..Plan::rest() }.waking_in(left);
    let reason = fault.kind.meaning().reason;
    if not_accepted(s) == Some(reason) {
        return Some(held);
    }
    let text = format!(
        "AWS refused ListJobs in Region {}: {fault}. The object may have a job from before the operator saw it. It is sent when AWS answers the search and shows none",
        s.settings.region
    );
    let says = vec![
        NewCondition::is_false(condition::SUBMITTED, Reason::Searching, text.clone()),
        NewCondition::is_true(condition::STALLED, reason, text.clone()),
    ];
    let status = write::status(s, says, |status| {
        status.phase = Some(Phase::Pending);
        status.reason = Some(text.clone());
        (status.submission, status.target) = (refusal::kept(s), None);
    });
    Some(Plan { status, notes: vec![Note::warning(Reason::Searching, text)], ..held })
}

/// Why AWS did not accept the latest submission, if the status says so. A restart then changes nothing of the status.
fn not_accepted(s: &Situation<'_>) -> Option<Reason> {
    let told = submitted::condition(s.object.status.as_ref()?)?;
    let reason = refusal::latest(s)?.kind.meaning().reason;
    (told.reason == reason.as_str()).then_some(reason)
}

/// The pause doubles, as the pause after a refused SubmitJob does. A queue that has begun to take jobs ends the pause.
fn pause_after_refusal(s: &Situation<'_>, lookup: &Lookup) -> SignedDuration {
    let takes_jobs = s.queue.map(|queue| queue.takes_jobs);
    if s.queue.is_some_and(|queue| queue.takes_jobs && queue.has_changed && queue.since > lookup.asked.moment)
    {
        return SignedDuration::ZERO;
    }
    let longest = backoff::longest(FaultKind::Refused, takes_jobs, &s.object.uid().unwrap_or_default());
    if takes_jobs == Some(false) {
        return longest;
    }
    let refused_for =
        lookup.refused_since.map_or(SignedDuration::ZERO, |since| lookup.asked.moment.since(since));
    refused_for.clamp(SignedDuration::from_secs(5), longest)
}

/// The message in the status, if another process made the claim. Two processes without a lease would otherwise
/// overwrite each other's message without end.
fn told_by_another(s: &Situation<'_>, lookup: &Lookup, reason: Reason) -> Option<String> {
    let is_own = matches!(s.claimed(), Claimed::Yes(claim) if claim.holder == s.settings.holder);
    if is_own || s.is_deleting() || lookup.found.is_err() {
        return None;
    }
    let told = submitted::condition(s.object.status.as_ref()?)?;
    (told.status == "False" && told.reason == reason.as_str()).then(|| told.message.clone())
}

fn lost(s: &Situation<'_>, doubt: &Doubt) -> String {
    match (s.attempt.as_ref().map(|attempt| &attempt.outcome), doubt.cause) {
        (Some(Outcome::Unclear(fault)), _) => format!("The answer to SubmitJob was lost ({fault})."),
        (_, Cause::Age) => "It may have been submitted before this operator saw it.".to_owned(),
        _ => "An earlier submission left no record of its answer.".to_owned(),
    }
}

/// What happens next. For a deleted object this is the way to release it.
fn outlook(s: &Situation<'_>, doubt: &Doubt) -> String {
    if s.is_deleting() {
        return format!("To delete it at once: {}", release::retain_command(&s.object.name_any()));
    }
    let window = s.settings.visibility_window;
    if doubt.left(s.now, window) <= SignedDuration::ZERO {
        return "It is not sent again until AWS answers the look".to_owned();
    }
    format!("It is not sent again before {}", write::time(doubt.over_at(window)).0)
}
