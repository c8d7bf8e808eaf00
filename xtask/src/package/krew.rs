//! The manifest by which krew, the manager of kubectl's plugins, installs ours. It is made of the archives themselves.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::plugin::{HOME, MACHINES, archive, is_packed};
use crate::run::{Failure, root};

/// Where the archives of a release are.
const RELEASES: &str = "https://github.com/aws-batch-operator/aws-batch-operator/releases/download";

/// Puts the archives and the manifest beside the rest of the release.
pub fn publish(home: &Path) -> Result<(), Failure> {
    let packed = MACHINES.iter().map(|(_, machine)| *machine).filter(|machine| is_packed(machine));
    let mut sums = Vec::new();
    for machine in packed {
        let bytes = fs::read(root().join(HOME).join(archive(machine)))?;
        fs::write(home.join(archive(machine)), &bytes)?;
        sums.push((machine, hex(&Sha256::digest(&bytes))));
    }
    if sums.is_empty() {
        println!("no plugin of kubectl is in {HOME}: `cargo xtask plugin` packs it");
        return Ok(());
    }
    Ok(fs::write(home.join("batchjob.yaml"), manifest(env!("CARGO_PKG_VERSION"), &sums))?)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The manifest of these archives, each with its sum.
fn manifest(version: &str, sums: &[(&str, String)]) -> String {
    let head = format!(
        "\
apiVersion: krew.googlecontainertools.github.com/v1alpha2
kind: Plugin
metadata:
  name: batchjob
spec:
  version: v{version}
  homepage: https://github.com/aws-batch-operator/aws-batch-operator
  shortDescription: Run, follow and explain AWS Batch jobs
  description: |
    Runs jobs on AWS Batch by BatchJob objects, follows them to their end, and
    says why one does not run and what to do. Needs aws-batch-operator in the
    cluster.
  platforms:
"
    );
    let platform = |(machine, sum): &(&str, String)| {
        format!(
            "  - selector:
      matchLabels:
        os: linux
        arch: {machine}
    uri: {RELEASES}/v{version}/{}
    sha256: {sum}
    bin: kubectl-batchjob
",
            archive(machine)
        )
    };
    head + &sums.iter().map(platform).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_archive_has_its_address_and_its_sum() {
        let sums = [("amd64", hex(&Sha256::digest(b""))), ("arm64", "1".to_owned())];
        let text = manifest("1.2.3", &sums);
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        for line in [
            "  version: v1.2.3",
            "        arch: arm64",
            &format!("    uri: {RELEASES}/v1.2.3/kubectl-batchjob-linux-amd64.tar.gz"),
            &format!("    sha256: {empty}"),
        ] {
            assert!(text.lines().any(|other| other == line), "{line}\n{text}");
        }
    }
}
