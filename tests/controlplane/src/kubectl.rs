//! A kubectl that is installed already, where it goes with our API server.
//! Knows nothing of how one is built.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::recipe::KUBE_APISERVER;

/// The one on the path, if it is at most one minor version away from the API server: Kubernetes promises no more.
pub fn installed() -> Option<PathBuf> {
    let mut kubectl = Command::new("kubectl");
    kubectl.args(["version", "--client", "--output=json"]).stdin(Stdio::null());
    let output = kubectl.output().ok().filter(|output| output.status.success())?;
    let version: Value = serde_json::from_slice(&output.stdout).ok()?;
    let version = version["clientVersion"]["gitVersion"].as_str()?;
    goes_with(version, KUBE_APISERVER.version()).then(|| PathBuf::from("kubectl"))
}

fn goes_with(client: &str, server: &str) -> bool {
    match (numbers(client), numbers(server)) {
        (Some((one, minor)), Some((other, of_server))) => one == other && minor.abs_diff(of_server) <= 1,
        _ => false,
    }
}

/// Major and minor.
fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_minor_version_is_near_enough() {
        for (client, expected) in [
            ("v1.37.2", true),
            ("v1.36.0", true),
            ("v1.38.1-eks-1a2b3c", true),
            ("v1.35.9", false),
            ("v1.32.4-dispatcher", false),
            ("v2.37.0", false),
            ("1.37.2", false),
            ("", false),
        ] {
            assert_eq!(goes_with(client, "v1.37.2"), expected, "{client}");
        }
    }
}
