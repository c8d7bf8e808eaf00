//! The Lease object: how it is read and written.

use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use tokio::time::Instant;

use super::{Seen, Settings};

/// The input of the judge.
pub fn seen(lease: &Lease, moved_at: Instant, settings: &Settings) -> Seen {
    let spec = lease.spec.clone().unwrap_or_default();
    let seconds = spec.lease_duration_seconds.and_then(|seconds| u64::try_from(seconds).ok());
    Seen {
        holder: spec.holder_identity.unwrap_or_default(),
        duration: seconds.map_or(settings.lease_duration, Duration::from_secs),
        moved_at,
    }
}

/// The Lease with us as the holder. Its metadata keeps the version that is replaced.
pub fn held(known: Option<&Lease>, settings: &Settings, now: Timestamp) -> Lease {
    let mut lease = known.cloned().unwrap_or_default();
    lease.metadata.name = Some(settings.name.clone());
    let old = lease.spec.unwrap_or_default();
    let is_ours = old.holder_identity.as_deref() == Some(settings.identity.as_str());
    let transitions = old.lease_transitions.unwrap_or(0);
    let (acquire_time, transitions) = match known {
        Some(_) if is_ours => (old.acquire_time, transitions),
        Some(_) => (Some(MicroTime(now)), transitions.saturating_add(1)),
        None => (Some(MicroTime(now)), 0),
    };
    lease.spec = Some(LeaseSpec {
        holder_identity: Some(settings.identity.clone()),
        acquire_time,
        renew_time: Some(MicroTime(now)),
        lease_duration_seconds: Some(whole_seconds(settings.lease_duration)),
        lease_transitions: Some(transitions),
        ..LeaseSpec::default()
    });
    lease
}

/// The Lease without a holder.
pub fn released(held: &Lease, now: Timestamp) -> Lease {
    let mut lease = held.clone();
    let spec = lease.spec.get_or_insert_default();
    spec.holder_identity = Some(String::new());
    spec.lease_duration_seconds = Some(1);
    spec.renew_time = Some(MicroTime(now));
    lease
}

/// Rounded up: the others may wait a little longer.
fn whole_seconds(duration: Duration) -> i32 {
    let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(identity: &str) -> Settings {
        Settings {
            namespace: None,
            name: "lease".to_owned(),
            identity: identity.to_owned(),
            lease_duration: Duration::from_millis(14_200),
            renew_deadline: Duration::from_secs(10),
            retry_period: Duration::from_secs(2),
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_renewal_keeps_what_a_change_of_holder_counts_up() {
        let mut first = held(None, &settings("a"), at(1));
        first.metadata.resource_version = Some("7".to_owned());
        let renewed = held(Some(&first), &settings("a"), at(2)).spec.unwrap();
        assert_eq!((renewed.acquire_time, renewed.lease_transitions), (Some(MicroTime(at(1))), Some(0)));
        assert_eq!(renewed.renew_time, Some(MicroTime(at(2))));
        let taken = held(Some(&first), &settings("b"), at(3));
        assert_eq!(taken.metadata.resource_version.as_deref(), Some("7"), "the loser of a race must lose");
        let taken = taken.spec.unwrap();
        assert_eq!((taken.acquire_time, taken.lease_transitions), (Some(MicroTime(at(3))), Some(1)));
    }

    #[test]
    fn a_released_lease_is_nobodys_and_its_history_stays() {
        let first = held(None, &settings("a"), at(1));
        let given_up = seen(&released(&first, at(2)), Instant::now(), &settings("b"));
        assert_eq!((given_up.holder.as_str(), given_up.duration), ("", Duration::from_secs(1)));
        let next = held(Some(&released(&first, at(2))), &settings("b"), at(3)).spec.unwrap();
        assert_eq!(next.lease_transitions, Some(1));
    }

    #[test]
    fn a_lease_without_a_spec_is_nobodys() {
        let seen = seen(&Lease::default(), Instant::now(), &settings("a"));
        assert_eq!((seen.holder.as_str(), seen.duration), ("", Duration::from_millis(14_200)));
    }

    #[test]
    fn seconds_are_rounded_up() {
        assert_eq!(held(None, &settings("a"), at(1)).spec.unwrap().lease_duration_seconds, Some(15));
    }
}
