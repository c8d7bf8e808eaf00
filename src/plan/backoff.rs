//! How long to wait before trying again. Pure: the spread comes from the object's UID, not from chance.

use jiff::SignedDuration;

use crate::batch::FaultKind;

/// The pause after `tries` attempts in a row that were surely not accepted: doubling, bounded, spread by a fifth.
pub fn pause(kind: FaultKind, tries: u32, uid: &str) -> SignedDuration {
    let (first, most) = match kind {
        FaultKind::Throttled => (1_000, 30_000),
        FaultKind::NotSent | FaultKind::Unclear => (1_000, 60_000),
        // A queue or a definition may yet appear, a permission may yet be granted: minutes, not hours.
        FaultKind::Refused | FaultKind::Denied | FaultKind::NoCredentials => (5_000, 300_000),
    };
    let doubled = first << tries.saturating_sub(1).min(16);
    let milliseconds: i64 = doubled.min(most);
    SignedDuration::from_millis(milliseconds - milliseconds / 5 * spread(uid, tries) / 256)
}

/// A number from 0 to 255 that differs between objects and tries.
fn spread(uid: &str, tries: u32) -> i64 {
    let hash = uid.bytes().fold(tries, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
    i64::from(hash % 256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_are_bounded() {
        let pauses: Vec<_> = (1..40).map(|tries| pause(FaultKind::Refused, tries, "uid")).collect();
        assert!(pauses[0] >= SignedDuration::from_secs(4) && pauses[0] <= SignedDuration::from_secs(5));
        assert!(pauses[3] > pauses[0] * 4);
        assert!(pauses.iter().all(|pause| *pause <= SignedDuration::from_mins(5)));
    }

    #[test]
    fn two_objects_do_not_march_in_step() {
        let uids = ["a", "b", "c", "d"];
        let pauses: std::collections::BTreeSet<_> =
            uids.map(|uid| pause(FaultKind::Throttled, 5, uid)).into_iter().collect();
        assert!(pauses.len() > 2, "{pauses:?}");
    }
}
