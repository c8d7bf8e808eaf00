//! An object in doubt between two searches: the time of the next search, and the status meanwhile.

use std::time::Duration;

use jiff::SignedDuration;
use kube::ResourceExt;

use crate::api::Phase;
use crate::api::condition::{self, Reason};
use crate::plan::deed::{Lookup, Outcome};
use crate::plan::life::release;
use crate::plan::rule::doubt::{Cause, Doubt};
use crate::plan::rule::look::question;
use crate::plan::rule::{place, refusal};
use crate::plan::situation::Situation;
use crate::plan::status::{submitted, write};
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
    if !doubt.shows_a_send() && refusal::latest(s).is_some() && !s.is_deleting() {
        // The status says why AWS has no job, and a restart changes nothing.
        return again;
    }
    let text = format!("{} {what} {}", lost(s, doubt), outlook(s, doubt));
    // An old object has no trace of a request, and the reason `Unconfirmed` would be such a trace.
    let reason = if doubt.shows_a_send() { Reason::Unconfirmed } else { Reason::Searching };
    let text = told_by_another(s, lookup, reason).unwrap_or(text);
    let says = vec![
        write::NewCondition::is_false(condition::SUBMITTED, reason, text.clone()),
        write::NewCondition::is_true(condition::RECONCILING, reason, "Looking for the job by its name"),
    ];
    Plan {
        status: write::status(s, says, |status| {
            status.phase = Some(Phase::Pending);
            status.reason = Some(text.clone());
            status.target = place::of_request(s);
        }),
        notes: vec![Note::warning(reason, text.clone())],
        ..again
    }
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
