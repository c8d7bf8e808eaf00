//! What to do about the Lease as last seen. Pure: time is an argument, and the times in the Lease are not used.

use std::time::Duration;

use tokio::time::Instant;

/// The Lease as last seen by this process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The holder; empty: the Lease was given up.
    pub holder: String,
    /// How long a holder may go without a renewal.
    pub duration: Duration,
    /// When this process last saw a change of the Lease, by its own clock.
    pub moved_at: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is no Lease: create it.
    Create,
    /// The Lease has no holder, or its holder has not renewed it in time: take it.
    Take,
    /// We hold the Lease: renew it.
    Renew,
    /// Another replica holds the Lease, at least until then.
    Wait {
        /// When the holder's time without a renewal is over.
        until: Instant,
    },
}

/// Judges the Lease; `None`: there is no Lease.
pub fn judge(seen: Option<&Seen>, me: &str, now: Instant) -> Verdict {
    let Some(seen) = seen else {
        return Verdict::Create;
    };
    let until = seen.moved_at + seen.duration;
    match seen.holder.as_str() {
        "" => Verdict::Take,
        holder if holder == me => Verdict::Renew,
        _ if now >= until => Verdict::Take,
        _ => Verdict::Wait { until },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEASE: Duration = Duration::from_secs(15);

    #[test]
    fn every_state_of_a_lease_has_one_verdict() {
        let moved_at = Instant::now();
        let until = moved_at + LEASE;
        let instant = Duration::from_nanos(1);
        for (holder, now, expected) in [
            ("", moved_at, Verdict::Take),
            ("me", moved_at, Verdict::Renew),
            ("me", until + LEASE, Verdict::Renew),
            ("other", moved_at, Verdict::Wait { until }),
            ("other", until - instant, Verdict::Wait { until }),
            ("other", until, Verdict::Take),
            // A name that begins as ours does is another's.
            ("me-2", moved_at, Verdict::Wait { until }),
        ] {
            let seen = Seen { holder: holder.to_owned(), duration: LEASE, moved_at };
            assert_eq!(judge(Some(&seen), "me", now), expected, "{holder:?}");
        }
        assert_eq!(judge(None, "me", moved_at), Verdict::Create);
    }

    #[test]
    fn a_record_that_moves_puts_its_end_off() {
        let first = Instant::now();
        let renewed = first + Duration::from_secs(14);
        let seen = Seen { holder: "other".to_owned(), duration: LEASE, moved_at: renewed };
        let later = first + LEASE;
        assert_eq!(judge(Some(&seen), "me", later), Verdict::Wait { until: renewed + LEASE });
    }
}
