//! The Lease and its times.

use std::time::Duration;

use kube::Client;

/// The Lease, our identity, and the times.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The Lease's namespace; `None`: that of the pod, or of the kubeconfig.
    pub namespace: Option<String>,
    pub name: String,
    /// Our name as the holder.
    pub identity: String,
    /// How long the other replicas wait after the last renewal that they saw.
    pub lease_duration: Duration,
    /// How long we act after our last renewal.
    pub renew_deadline: Duration,
    /// The pause between two renewals, or two reads.
    pub retry_period: Duration,
}

impl Settings {
    /// `Err` says which times contradict each other, and why.
    pub fn check(&self) -> Result<(), String> {
        let Self { lease_duration, renew_deadline, retry_period, .. } = self;
        if *lease_duration < Duration::from_secs(1) {
            return Err(format!(
                "--lease-duration ({lease_duration:?}) must be 1s or more: a Lease counts in seconds"
            ));
        }
        if renew_deadline >= lease_duration {
            return Err(format!(
                "--renew-deadline ({renew_deadline:?}) must be shorter than --lease-duration ({lease_duration:?}): a leader that cannot renew has to stop before another begins"
            ));
        }
        if *retry_period * 2 > *renew_deadline {
            return Err(format!(
                "--retry-period ({retry_period:?}) must be at most half of --renew-deadline ({renew_deadline:?}): one renewal may fail without the loss of the lease"
            ));
        }
        Ok(())
    }

    /// The namespace of the Lease.
    pub fn namespace(&self, client: &Client) -> String {
        self.namespace.clone().unwrap_or_else(|| client.default_namespace().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lease_duration: u64, renew_deadline: u64, retry_period: u64) -> Result<(), String> {
        let settings = Settings {
            namespace: None,
            name: "lease".to_owned(),
            identity: "me".to_owned(),
            lease_duration: Duration::from_millis(lease_duration),
            renew_deadline: Duration::from_millis(renew_deadline),
            retry_period: Duration::from_millis(retry_period),
        };
        settings.check()
    }

    #[test]
    fn times_that_fit_are_taken() {
        assert_eq!(check(15_000, 10_000, 2_000), Ok(()));
        assert_eq!(check(1_000, 600, 300), Ok(()));
    }

    #[test]
    fn times_that_contradict_each_other_are_named() {
        for (times, named) in [
            ((500, 400, 100), "--lease-duration (500ms)"),
            ((15_000, 15_000, 2_000), "--renew-deadline (15s)"),
            ((5_000, 10_000, 2_000), "shorter than --lease-duration (5s)"),
            ((15_000, 10_000, 6_000), "--retry-period (6s)"),
        ] {
            let refusal = check(times.0, times.1, times.2).unwrap_err();
            assert!(refusal.contains(named), "{refusal}");
        }
    }
}
