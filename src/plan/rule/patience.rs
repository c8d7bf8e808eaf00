//! How long the operator waits for an answer that may never come.

use std::time::Duration;

use jiff::SignedDuration;

use crate::moment::left;
use crate::plan::deed::Lookup;
use crate::plan::situation::Situation;

/// An object that was deleted this long ago is released, whatever AWS says.
const DELETED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// AWS shows the tags of a job within this many visibility windows. Until then, a job without tags may be the object's.
pub const TAG_WINDOWS: i32 = 5;

/// When AWS has refused every search for this time, the queue is gone. A single refusal proves nothing.
const REFUSED_FOR: SignedDuration = SignedDuration::from_mins(2);

/// Whether the queue of the search is gone. Then nobody knows whether it had a job of the object.
pub fn is_queue_gone(lookup: &Lookup) -> bool {
    lookup.refused_since.is_some_and(|since| lookup.asked.moment.since(since) >= REFUSED_FOR)
}

/// Whether the object has been deleted for a day.
pub fn is_long_deleted(s: &Situation<'_>) -> bool {
    let deleted_at = s.object.metadata.deletion_timestamp.as_ref();
    deleted_at.is_some_and(|at| s.now.wall.duration_since(at.0) > DELETED_FOR)
}

/// Whether the owner of the job will stay unknown: the object was deleted a day ago, and this process had time to look.
pub fn is_unknown_for_good(s: &Situation<'_>) -> bool {
    is_long_deleted(s) && s.ago(s.first_seen.moment) >= s.settings.visibility_window * TAG_WINDOWS
}

/// How much is left of `length` since the object was deleted.
pub fn wait_left(s: &Situation<'_>, length: SignedDuration) -> Option<Duration> {
    let deleted_at = s.object.metadata.deletion_timestamp.as_ref()?;
    left(length - s.now.wall.duration_since(deleted_at.0))
}
