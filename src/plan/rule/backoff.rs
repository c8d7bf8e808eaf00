//! How long to wait before trying again. Pure: the spread comes from the object's UID, not from chance.

use jiff::SignedDuration;

use crate::job::FaultKind;

/// The pause after `tries` attempts in a row that AWS did not accept: doubled each time, bounded, and shortened by up
/// to a fifth. `takes_jobs`: whether the job queue takes jobs, if that was seen after a refusal.
pub fn pause(kind: FaultKind, tries: u32, takes_jobs: Option<bool>, uid: &str) -> SignedDuration {
    let (first, most) = match takes_jobs {
        // The tracker wakes the object when the queue takes jobs. One attempt an hour is left for the case that it
        // cannot see so.
        Some(false) => (3_600_000, 3_600_000),
        // The job definition may still be created. The pause is the one for a missing permission.
        Some(true) => FaultKind::Denied.meaning().pauses,
        None => kind.meaning().pauses,
    };
    let doubled = first << tries.saturating_sub(1).min(16);
    let milliseconds: i64 = doubled.min(most);
    SignedDuration::from_millis(milliseconds - milliseconds / 5 * spread(uid, tries) / 256)
}

/// The pause after very many failures of this kind.
pub fn longest(kind: FaultKind, takes_jobs: Option<bool>, uid: &str) -> SignedDuration {
    pause(kind, u32::MAX, takes_jobs, uid)
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
        let pauses: Vec<_> = (1..40).map(|tries| pause(FaultKind::Refused, tries, None, "uid")).collect();
        assert!(pauses[0] >= SignedDuration::from_secs(4) && pauses[0] <= SignedDuration::from_secs(5));
        assert!(pauses[3] > pauses[0] * 4);
        assert!(pauses.iter().all(|pause| *pause <= SignedDuration::from_mins(5)));
    }

    /// How many requests a second ten thousand objects make after a day.
    fn a_second(kind: FaultKind, takes_jobs: Option<bool>) -> i64 {
        let pauses = (0..100).map(|uid| pause(kind, 1_000, takes_jobs, &uid.to_string()).as_secs());
        100 * 10_000 / pauses.sum::<i64>()
    }

    #[test]
    fn ten_thousand_that_aws_refuses_leave_the_rate_of_the_account_to_others() {
        assert!(a_second(FaultKind::Refused, Some(false)) <= 3, "no queue takes them");
        for kind in [FaultKind::Refused, FaultKind::Denied] {
            let a_second = a_second(kind, Some(true));
            assert!(a_second <= 12, "{kind:?}: {a_second} of the 50 that an account has");
        }
    }

    #[test]
    fn two_objects_do_not_march_in_step() {
        let uids = ["a", "b", "c", "d"];
        let pauses: std::collections::BTreeSet<_> =
            uids.map(|uid| pause(FaultKind::Throttled, 5, None, uid)).into_iter().collect();
        assert!(pauses.len() > 2, "{pauses:?}");
    }
}
