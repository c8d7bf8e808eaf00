//! An object in doubt: a search by name comes before anything else. A job that is found is followed. The object may be
//! submitted only when no hidden job is possible any more.

use jiff::SignedDuration;

use crate::api::condition::Reason;
use crate::api::{Phase, SubmissionPolicy};
use crate::job::{Fault, FaultKind};
use crate::plan::deed::Lookup;
use crate::plan::life::search::look_again;
use crate::plan::life::{found, release};
use crate::plan::rule::doubt::{Cause, Doubt};
use crate::plan::rule::look::question;
use crate::plan::rule::patience::{TAG_WINDOWS, is_long_deleted, is_queue_gone};
use crate::plan::rule::refusal;
use crate::plan::situation::Situation;
use crate::plan::status::write;
use crate::plan::{Note, Plan, Step};

/// AWS deletes finished jobs after days. For a claim older than this, a search without a result proves nothing.
const TOO_OLD_TO_ASK: SignedDuration = SignedDuration::from_hours(24);

/// A refused search that is older than this does not show the present state of the queue.
const FRESH: SignedDuration = SignedDuration::from_mins(1);

/// The plan for an object whose request may have been sent, or which is deleted in doubt. `None`: the object is not in
/// doubt, or no hidden job is possible, so it may be submitted.
pub fn plan(s: &Situation<'_>) -> Option<Plan> {
    s.doubt()
        .filter(|doubt| s.is_deleting() || doubt.shows_a_send())
        .and_then(|doubt| settle_doubt(s, &doubt))
}

/// The plan for an object in doubt; `None`: no hidden job is possible any more, or nobody can see one of an old object.
pub fn settle_doubt(s: &Situation<'_>, doubt: &Doubt) -> Option<Plan> {
    let Some(lookup) = &s.lookup else { return Some(Plan::step(Step::SearchByName(question(s)))) };
    let window = s.settings.visibility_window;
    match &lookup.found {
        Ok(jobs) => match jobs.own.split_first() {
            Some((oldest, extras)) => Some(found::adopt(s, oldest, extras)),
            None if jobs.undescribed > 0 && !is_given_up(s, doubt) => {
                let what = format!(
                    "AWS lists {} job(s) of that name and does not describe them yet.",
                    jobs.undescribed
                );
                Some(look_again(s, doubt, lookup, &what))
            }
            None if jobs.untagged > 0 && !doubt.is_over(lookup.asked, window * TAG_WINDOWS) => {
                let what = format!("{} job(s) of that name may not show their tags yet.", jobs.untagged);
                Some(look_again(s, doubt, lookup, &what))
            }
            None if !doubt.is_over(lookup.asked, window) => {
                Some(look_again(s, doubt, lookup, "No job of it is visible yet."))
            }
            None => nothing_found(s, doubt),
        },
        // Such an object is never sent: it is given up, as its queue shows nothing.
        Err(fault)
            if (is_queue_gone(lookup) || is_refused_as_before(s, fault))
                && !doubt.shows_a_send()
                && !s.is_deleting() =>
        {
            // The queue may exist again, so a fresh search comes before.
            (s.ago(lookup.asked.moment) > FRESH).then(|| Plan::step(Step::SearchByName(question(s))))
        }
        Err(fault) if s.is_deleting() && is_hopeless(s, doubt, lookup, fault) => Some(give_up(s, fault)),
        Err(fault) => Some(look_again(s, doubt, lookup, &format!("Looking for it failed: {fault}."))),
    }
}

fn nothing_found(s: &Situation<'_>, doubt: &Doubt) -> Option<Plan> {
    if s.is_deleting() {
        return Some(release::let_go(s, "No job of it was found until none could hide any more"));
    }
    let is_at_most_once = s.object.spec.submission_policy == Some(SubmissionPolicy::AtMostOnce);
    match doubt.cause {
        Cause::Claim(_) | Cause::LostClaim if is_at_most_once => {
            Some(unknown(s, "AWS's answer to SubmitJob was lost, and submissionPolicy is AtMostOnce."))
        }
        Cause::Claim(at) if s.now.wall.duration_since(at) > TOO_OLD_TO_ASK && !refusal::was_not_found(s) => {
            Some(unknown(s, "It was claimed more than 24 hours ago, and AWS forgets finished jobs."))
        }
        // An object that is merely old has waited: as a suspended object, for another object, or for the operator.
        Cause::Age | Cause::Claim(_) | Cause::LostClaim => None,
    }
}

/// Whether the wait for a job that AWS lists and does not describe is over. It lasts a day.
fn is_given_up(s: &Situation<'_>, doubt: &Doubt) -> bool {
    is_long_deleted(s) || s.now.wall.duration_since(doubt.since) > TOO_OLD_TO_ASK
}

fn unknown(s: &Situation<'_>, why: &str) -> Plan {
    let text = format!(
        "{why} Whether a job of this BatchJob ran is not known: look in queue {} for {}. Create a new BatchJob to run it again",
        s.object.spec.job_queue,
        s.job_name()
    );
    let (says, change) = write::failure(Phase::Unknown, Reason::SubmissionUnknown, &text);
    Plan {
        status: write::status(s, says, change),
        notes: vec![Note::warning(Reason::SubmissionUnknown, text)],
        ..release::release(s)
    }
}

/// Whether more searches for a deleted object are useless. The queue is gone and no request can be on its way, or the
/// object was deleted a day ago.
fn is_hopeless(s: &Situation<'_>, doubt: &Doubt, lookup: &Lookup, fault: &Fault) -> bool {
    let is_gone = is_queue_gone(lookup) || !doubt.shows_a_send() && is_refused_as_before(s, fault);
    is_gone && doubt.is_over(lookup.asked, s.settings.visibility_window) || is_long_deleted(s)
}

/// Whether AWS refuses the search as it refused SubmitJob before: the queue never existed.
fn is_refused_as_before(s: &Situation<'_>, fault: &Fault) -> bool {
    let latest = refusal::latest(s);
    fault.kind == FaultKind::Refused && latest.is_some_and(|refusal| refusal.kind == FaultKind::Refused)
}

fn give_up(s: &Situation<'_>, fault: &Fault) -> Plan {
    let text = format!(
        "AWS does not let the operator look for a job of it in queue {}: {fault}. If there is one, called {}, it goes on",
        s.object.spec.job_queue,
        s.job_name()
    );
    Plan { notes: vec![Note::warning(Reason::Released, text)], ..release::release(s) }
}
