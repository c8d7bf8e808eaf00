//! How long an answer is waited for that may never come.

use std::time::Duration;

use jiff::SignedDuration;

use crate::moment::left;
use crate::plan::deed::Lookup;
use crate::plan::situation::Situation;

/// An object that has been deleted for so long is let go, whatever AWS says.
const DELETED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// AWS shows the tags of a job within so many windows. Until then, a job without tags may be the object's.
pub const TAG_WINDOWS: i32 = 5;

/// AWS has refused every look for so long: the queue is gone. A single refusal proves nothing.
const REFUSED_FOR: SignedDuration = SignedDuration::from_mins(2);

/// Whether the queue of the look is gone. What a look would have shown is not known then.
pub fn is_queue_gone(lookup: &Lookup) -> bool {
    lookup.refused_since.is_some_and(|since| lookup.asked.moment.since(since) >= REFUSED_FOR)
}

/// Whether the object has been deleted for a day.
pub fn is_long_deleted(s: &Situation<'_>) -> bool {
    let deleted_at = s.object.metadata.deletion_timestamp.as_ref();
    deleted_at.is_some_and(|at| s.now.wall.duration_since(at.0) > DELETED_FOR)
}

/// Whether nobody can tell any more whose the job is: the object has been deleted for a day, and this process has had the
/// time to look.
pub fn is_unknown_for_good(s: &Situation<'_>) -> bool {
    is_long_deleted(s) && s.ago(s.first_seen.moment) >= s.settings.visibility_window * TAG_WINDOWS
}

/// How much is left of `length` since the object was deleted.
pub fn wait_left(s: &Situation<'_>, length: SignedDuration) -> Option<Duration> {
    let deleted_at = s.object.metadata.deletion_timestamp.as_ref()?;
    left(length - s.now.wall.duration_since(deleted_at.0))
}
