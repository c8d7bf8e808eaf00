//! What is known around an object, for a person. Long lists are counted and cut, so that a page stays small.

use serde_json::{Map, Value, json};

use crate::job::{EndKind, Fault, Found, JobId, RemoteJob};
use crate::moment::{Moment, Reading};
use crate::plan::{
    Attempt, Claim, EndAsked, Inspection, Look, Lookup, Outcome, QueueSight, Sighting, Situation, Unread,
};
use crate::text::one_line;

/// Most ids that are shown of one list.
const LIST_MAX: usize = 10;

/// Longest text that others have written, in characters.
const TEXT_MAX: usize = 512;

/// The facts that the planner is given, apart from the object and the settings: whoever may read the object, reads it by
/// kubectl. Absent: not known.
pub fn facts(s: &Situation<'_>) -> Value {
    // Destructured without `..`: a new fact does not compile until somebody has decided whether it is shown.
    let Situation {
        now,
        settings: _,
        here,
        object: _,
        first_seen,
        known_claim,
        claim_lost_at,
        accepted,
        proven,
        attempt,
        lookup,
        inspection,
        look,
        sighting,
        unread,
        queue,
        turn,
        end_asked,
        told,
        parents,
        owner,
    } = s;
    let ago = |moment: Moment| now.moment.since(moment).as_secs();
    let parents: Map<_, _> =
        parents.iter().map(|(name, is)| (name.clone(), json!(format!("{is:?}")))).collect();
    known(json!({
        "now": now.wall,
        "works": here,
        "firstSeen": first_seen.wall,
        "claim": known_claim.as_ref().map(claim),
        "claimLostAt": claim_lost_at.map(|at| at.wall),
        "job": accepted.as_ref().map(|accepted| accepted.id.as_str()),
        "provenJob": proven.as_ref().map(|owned| owned.id().as_str()),
        "attempt": attempt.as_ref().map(attempted),
        "search": lookup.as_ref().map(|Lookup { asked, found, refused_since }| {
            read(*asked, found, searched, refused_since.map(ago))
        }),
        "look": look.as_ref().map(|Look { job: _, asked, found }| {
            read(*asked, found, |found| found.as_deref().map_or(json!("missing"), job), None)
        }),
        "parts": inspection.as_ref().map(parts),
        "sighting": sighting.as_ref().map(|sighting| match sighting {
            Sighting::Seen(seen) => job(seen),
            Sighting::Missing { since, until } => json!({
                "missingSinceSecondsAgo": ago(*since), "lookedSecondsAgo": ago(*until),
            }),
        }),
        "unread": unread.as_ref().map(|Unread { since, fault: why }| {
            json!({ "since": since.wall, "fault": fault(why) })
        }),
        "queue": queue.as_ref().map(|QueueSight { takes_jobs, since, has_changed }| {
            json!({ "takesJobs": takes_jobs, "sinceSecondsAgo": ago(*since), "hasChanged": has_changed })
        }),
        "turn": format!("{turn:?}"),
        "endAsked": end_asked.as_ref().map(|asked| ended(asked, ago(asked.at))),
        "wroteStatusSecondsAgo": told.map(|told| ago(told.at)),
        "parents": Some(parents).filter(|parents| !parents.is_empty()),
        "owner": owner.map(|owner| format!("{owner:?}")),
    }))
}

/// Without what is not known.
fn known(mut facts: Value) -> Value {
    if let Value::Object(members) = &mut facts {
        members.retain(|_, value| !value.is_null());
    }
    facts
}

/// An annotation, which anybody may have edited.
fn claim(claim: &Claim) -> Value {
    let Claim { v: _, uid: _, at, holder, again, target } = claim;
    known(json!({ "at": at, "holder": text(holder), "again": again, "target": target }))
}

fn attempted(attempt: &Attempt) -> Value {
    let Attempt { claimed, again, ended, tries, outcome } = attempt;
    let (outcome, why) = match outcome {
        Outcome::NotClaimed(why) => ("NotClaimed", why),
        Outcome::NotAccepted(why) => ("NotAccepted", why),
        Outcome::Unclear(why) => ("Unclear", why),
    };
    json!({
        "claimedAt": claimed.wall, "again": again, "endedAt": ended.wall, "tries": tries,
        "outcome": outcome, "fault": fault(why),
    })
}

fn read<T>(
    asked: Reading,
    found: &Result<T, Fault>,
    show: impl Fn(&T) -> Value,
    refused: Option<i64>,
) -> Value {
    known(json!({
        "askedAt": asked.wall,
        "found": found.as_ref().ok().map(show),
        "fault": found.as_ref().err().map(fault),
        "refusedSinceSecondsAgo": refused,
    }))
}

fn ended(asked: &EndAsked, ago: i64) -> Value {
    let EndAsked { at: _, kind, ids: jobs, fault: why } = asked;
    let call = match kind {
        EndKind::Terminate => "terminate",
        EndKind::Cancel => "cancel",
    };
    known(json!({ "secondsAgo": ago, "call": call, "jobs": ids(jobs), "fault": why.as_ref().map(fault) }))
}

fn searched(found: &Found) -> Value {
    let Found { own, undescribed, untagged, shows_the_job } = found;
    let own: Vec<_> = own.iter().map(|job| job.id.clone()).collect();
    json!({
        "jobs": ids(&own), "undescribed": undescribed, "untagged": untagged, "showsTheJob": shows_the_job,
    })
}

fn parts(inspection: &Inspection) -> Value {
    match &inspection.found {
        Ok(parts) => known(json!({ "failed": parts.failed.len(), "first": parts.first.as_deref().map(job) })),
        Err(why) => json!({ "fault": fault(why) }),
    }
}

/// A job in few words; its status has more.
fn job(job: &RemoteJob) -> Value {
    let reason = job.status_reason.as_deref().map(text);
    known(json!({ "id": job.id.as_str(), "status": job.status.as_str(), "reason": reason }))
}

fn ids(ids: &[JobId]) -> Value {
    let shown: Vec<_> = ids.iter().take(LIST_MAX).map(JobId::as_str).collect();
    json!({ "number": ids.len(), "ids": shown })
}

fn fault(fault: &Fault) -> Value {
    known(json!({
        "kind": fault.kind.as_str(), "code": fault.code, "message": fault.message, "answered": fault.answered,
    }))
}

fn text(text: &str) -> String {
    one_line(text, TEXT_MAX)
}
