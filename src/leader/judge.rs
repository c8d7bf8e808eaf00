//! What to do about the Lease as it was seen. Pure: time is an argument, and the times in the record count for nothing.

use std::time::Duration;

use tokio::time::Instant;

/// The Lease as this process saw it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Who holds it; empty: it was given up.
    pub holder: String,
    /// How long a holder may be silent.
    pub duration: Duration,
    /// When this process saw the record change last, by its own clock.
    pub moved_at: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is no Lease: create it.
    Create,
    /// It is nobody's, or its holder has been silent for too long: take it.
    Take,
    /// It is ours: renew it.
    Renew,
    /// It is another's, at least until then.
    Wait {
        /// When its holder has been silent for too long.
        until: Instant,
    },
}

/// Judges what was seen; `None`: there is no Lease.
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
