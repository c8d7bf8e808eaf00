//! Which endpoints may be used without TLS. AWS's own are https. The agents that supply credentials are http by AWS's
//! design, on addresses that never leave the machine.

use std::net::IpAddr;

/// The agents of Amazon EC2, Amazon ECS and EKS Pod Identity.
const AGENTS: [&str; 5] =
    ["169.254.169.254", "169.254.170.2", "169.254.170.23", "fd00:ec2::254", "fd00:ec2::23"];

/// Which endpoints are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoints {
    /// https, and http on this machine.
    Private,
    /// All. Data may be read and changed on the way.
    Any,
}

impl Endpoints {
    /// Whether requests may be sent to this scheme and host.
    pub fn take(self, scheme: Option<&str>, host: Option<&str>) -> bool {
        self == Self::Any || scheme == Some("https") || host.is_some_and(is_on_this_machine)
    }

    /// `Err` says why requests may not be sent to this address, which `source` sets.
    pub fn check(self, source: &str, url: &str) -> Result<(), String> {
        let uri =
            url.parse::<hyper::Uri>().map_err(|error| format!("{source} ({url}) is no address: {error}"))?;
        if self.take(uri.scheme_str(), uri.host()) {
            return Ok(());
        }
        Err(format!(
            "{source} ({url}) must begin with https://, for commands, environments and the session token would go in clear. An address of this machine may be http; --allow-insecure-endpoint allows all"
        ))
    }
}

/// Whether data for this host never leaves the machine.
pub(super) fn is_on_this_machine(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    is_loopback || host.eq_ignore_ascii_case("localhost") || AGENTS.contains(&host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stays_on_the_machine_may_be_http() {
        for url in [
            "https://batch.us-east-1.amazonaws.com",
            "http://127.0.0.1:8080",
            "http://127.8.9.10",
            "http://localhost:1",
            "http://[::1]:8080",
            "http://169.254.170.23/v1/credentials",
            "http://[fd00:ec2::23]/v1/credentials",
        ] {
            assert_eq!(Endpoints::Private.check("x", url), Ok(()), "{url}");
        }
        for url in [
            "http://batch.example",
            "http://127.0.0.1.example",
            "http://10.0.0.1",
            "HTTP://a",
            "ftp://a",
            "a",
            "",
        ] {
            let refused = Endpoints::Private.check("AWS_ENDPOINT_URL", url).unwrap_err();
            assert!(refused.contains("AWS_ENDPOINT_URL"), "{refused}");
        }
        assert_eq!(Endpoints::Any.check("x", "http://batch.example"), Ok(()));
    }
}
