//! A job that cannot be looked at: the status may be out of date.

use jiff::SignedDuration;

use crate::api::condition::{self, Reason};
use crate::api::{BatchJobStatus, Phase};
use crate::job::JobId;
use crate::plan::sight::Unread;
use crate::plan::situation::Situation;
use crate::plan::status::write::{self, NewCondition};
use crate::plan::{Note, Plan};

/// Failures that last for a shorter time are not reported.
pub const SILENT_FOR: SignedDuration = SignedDuration::from_mins(1);

/// Says in the status that the job cannot be looked at. The next successful look removes that condition.
pub fn along(s: &Situation<'_>, plan: Plan, id: &JobId) -> Plan {
    let unread = s.unread.as_ref().filter(|unread| s.ago(unread.since.moment) >= SILENT_FOR);
    let Some(Unread { since, fault }) = unread else { return plan };
    let after = plan.status.as_ref().or(s.object.status.as_ref());
    let has_ended = after.and_then(|status| status.phase).is_some_and(Phase::is_terminal);
    if has_ended || after.is_some_and(is_anothers) {
        return plan;
    }
    let text = format!(
        "AWS has answered no look at job {id} since {}: {fault}. What the status tells of the job may be old",
        write::time(since.wall).0
    );
    let reason = fault.kind.meaning().reason;
    let status =
        write::also(s, plan.status.clone(), &NewCondition::is_false(condition::OBSERVED, reason, &text));
    let notes = status.iter().map(|_| Note::warning(reason, text.clone()));
    Plan { notes: plan.notes.into_iter().chain(notes).collect(), status, ..plan }
}

/// Whether the status says that the job belongs to another owner. This is more important than a failed look.
fn is_anothers(status: &BatchJobStatus) -> bool {
    let not_owned = Reason::NotOwned.as_str();
    status.conditions.iter().any(|told| told.type_ == condition::OBSERVED && told.reason == not_owned)
}
