//! An object whose job may exist without our knowing it: looks before anything else, adopts what it finds, and gives
//! the object free only when nothing can hide any more.

use jiff::{SignedDuration, Timestamp};

use super::doubt::Doubt;
use super::situation::{Lookup, Outcome, Situation};
use super::{Note, Plan, Question, Step, begin, ending, settle, track};
use crate::api::condition::{self, Reason};
use crate::api::{Phase, SubmissionPolicy};
use crate::batch::{EndKind, JobId, RemoteJob};

/// AWS forgets finished jobs after days: a claim that is older than this and finds nothing proves nothing.
const TOO_OLD_TO_ASK: SignedDuration = SignedDuration::from_hours(24);

/// Clocks disagree: a job may seem this much older than its object.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

/// What AWS shows as the reason when a second job of an object is ended.
pub const EXTRA: &str = "another job of the same BatchJob was submitted first";

/// The plan for an object in doubt.
pub fn plan(s: &Situation<'_>, doubt: Doubt) -> Plan {
    let Some(lookup) = &s.lookup else { return Plan::step(Step::Ask(question(s))) };
    match &lookup.found {
        Ok(jobs) => match jobs.split_first() {
            Some((oldest, extras)) => adopt(s, oldest, extras),
            // A look from before the doubt proves nothing. Where clocks disagree, every look may seem so for a while.
            None if lookup.asked_at < doubt.from => look_again(s, doubt, lookup, "It is not looked for yet."),
            None => nothing_found(s, doubt, lookup),
        },
        Err(fault) => look_again(s, doubt, lookup, &format!("Looking for it failed: {fault}.")),
    }
}

/// Which read answers the doubt.
pub fn question(s: &Situation<'_>) -> Question {
    Question {
        queue: s.object.spec.job_queue.clone(),
        name: s.job_name(),
        uid: s.object.metadata.uid.clone().unwrap_or_default(),
        since: s.created_at().checked_sub(SKEW).unwrap_or(Timestamp::MIN),
    }
}

/// Ends the extras first: once the status names a job, nobody looks for others.
fn adopt(s: &Situation<'_>, oldest: &RemoteJob, extras: &[RemoteJob]) -> Plan {
    let unended = unended(s, extras.iter());
    if !unended.is_empty() {
        return end_extras(s, unended);
    }
    let mut plan = track::seen(s, oldest);
    plan.notes.push(Note::normal(
        Reason::Adopted,
        format!("Found job {} of an earlier submission; following it", oldest.id),
    ));
    plan
}

/// Those that go on; none, when AWS has taken the request to end them all.
pub fn unended<'a>(s: &Situation<'_>, jobs: impl Iterator<Item = &'a RemoteJob>) -> Vec<JobId> {
    let alive = jobs.filter(|job| !job.status.is_terminal() && !job.is_terminated);
    let alive: Vec<_> = alive.map(|job| job.id.clone()).collect();
    let was_taken = |id: &JobId| s.end_asked_of(id).is_some_and(|asked| asked.fault.is_none());
    if alive.iter().all(was_taken) { Vec::new() } else { alive }
}

/// Asks AWS to end them; after a refusal, no sooner than it may be asked again.
pub fn end_extras(s: &Situation<'_>, ids: Vec<JobId>) -> Plan {
    let failed = s.end_asked.as_ref().filter(|asked| asked.fault.is_some() && asked.ids == ids);
    if let Some(wait) = failed.and_then(|asked| ending::pause_left(s, asked)) {
        return Plan { wake: Some(wait), ..Plan::rest() };
    }
    let text = format!("Found {} more job(s) of this BatchJob; terminating them", ids.len());
    Plan {
        step: Step::End { kind: EndKind::Terminate, ids, reason: EXTRA },
        notes: vec![Note::warning(Reason::DuplicateTerminated, text)],
        ..Plan::rest()
    }
}

fn nothing_found(s: &Situation<'_>, doubt: Doubt, lookup: &Lookup) -> Plan {
    if lookup.asked_at < doubt.until + s.settings.visibility_window {
        return look_again(s, doubt, lookup, "No job of it is visible yet.");
    }
    if s.is_deleting() {
        return ending::let_go(s, "No job of it was found until none could hide any more");
    }
    let unknown = |why: &str| {
        let text = format!(
            "{why} Whether a job of this BatchJob ran is not known: look in queue {} for {}. Create a new BatchJob to run it again",
            s.object.spec.job_queue,
            s.job_name()
        );
        let (says, change) = settle::failure(Phase::Unknown, Reason::SubmissionUnknown, &text);
        Plan {
            status: settle::status(s, says, change),
            step: if s.holds_finalizer() { Step::Release } else { Step::Rest },
            notes: vec![Note::warning(Reason::SubmissionUnknown, text)],
            ..Plan::rest()
        }
    };
    let is_at_most_once = s.object.spec.submission_policy == Some(SubmissionPolicy::AtMostOnce);
    // One that is merely old waited: for its suspend, for another object, or for us.
    if is_at_most_once && s.shows_a_send() {
        return unknown("AWS's answer to SubmitJob was lost, and submissionPolicy is AtMostOnce.");
    }
    if s.now.duration_since(doubt.from) > TOO_OLD_TO_ASK {
        return unknown("It was claimed more than 24 hours ago, and AWS forgets finished jobs.");
    }
    begin::plan(s)
}

fn look_again(s: &Situation<'_>, doubt: Doubt, lookup: &Lookup, what: &str) -> Plan {
    let waited = lookup.asked_at.duration_since(doubt.from);
    let pause = (waited / 2).clamp(SignedDuration::from_secs(2), SignedDuration::from_secs(60));
    let deadline = doubt.until + s.settings.visibility_window;
    let next = match lookup.asked_at + pause {
        next if lookup.asked_at < deadline => next.min(deadline.max(lookup.asked_at)),
        next => next,
    };
    if s.now >= next {
        return Plan::step(Step::Ask(question(s)));
    }
    let lost = match s.attempt.as_ref().map(|attempt| &attempt.outcome) {
        Some(Outcome::Unclear(fault)) => format!("The answer to SubmitJob was lost ({fault})."),
        _ => "An earlier submission left no record of its answer.".to_owned(),
    };
    let text = format!("{lost} {what} It is not sent again before {}", settle::time(deadline).0);
    Plan {
        status: settle::status(
            s,
            vec![
                settle::Say::no(condition::SUBMITTED, Reason::Unconfirmed, text.clone()),
                settle::Say::yes(
                    condition::RECONCILING,
                    Reason::Unconfirmed,
                    "Looking for the job by its name",
                ),
            ],
            |status| {
                status.phase = Some(Phase::Pending);
                status.reason = Some(text.clone());
            },
        ),
        notes: vec![Note::warning(Reason::Unconfirmed, text.clone())],
        wake: std::time::Duration::try_from(next.duration_since(s.now)).ok(),
        ..Plan::rest()
    }
}
