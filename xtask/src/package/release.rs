//! What a release publishes beside the image. Chart and manifests name the image by its digest, so that whoever
//! verifies them has verified the image.

use std::fs;
use std::path::Path;
use std::str::FromStr;

use super::chart::CHART;
use super::{krew, manifests};
use crate::run::{Failure, root, run};
use crate::tools::{Helm, helm};

/// Where the files are put.
const HOME: &str = "target/published";
/// The annotation of the chart that its template of the image reads.
const ANNOTATION: &str = "awsbatch.dev/image-digest";
const ALGORITHM: &str = "sha256:";

/// The digest of an image.
#[derive(Clone, Debug)]
pub struct Digest(String);

impl Digest {
    /// No image has it.
    pub fn of_nothing() -> Self {
        Self(format!("{ALGORITHM}{}", "0123456789abcdef".repeat(4)))
    }
}

impl FromStr for Digest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
        match text.strip_prefix(ALGORITHM) {
            Some(sum) if sum.len() == 64 && sum.chars().all(is_hex) => Ok(Self(text.to_owned())),
            _ => Err(format!(
                "write {ALGORITHM} and 64 hexadecimal digits in lower case, as the registry tells them"
            )),
        }
    }
}

/// Writes the chart's archive, `install.yaml` and `crd.yaml`; and the plugin's archives, where there are some.
pub fn release(digest: &Digest) -> Result<(), Failure> {
    let home = root().join(HOME);
    if home.exists() {
        fs::remove_dir_all(&home)?;
    }
    fs::create_dir_all(&home)?;
    let chart = chart(digest)?;
    run(&helm(Helm::V4)?, &["package", &chart, "--destination", HOME])?;
    let crd = fs::read_to_string(root().join("deploy/crd.yaml"))?;
    fs::write(home.join("install.yaml"), manifests::install(&crd, &chart)?)?;
    fs::write(home.join("crd.yaml"), crd)?;
    krew::publish(&home)?;
    println!("chart and manifests are in {HOME} and name the image {}", digest.0);
    Ok(())
}

/// A copy of the chart that names the image. It is beside what is published, not in it.
fn chart(digest: &Digest) -> Result<String, Failure> {
    let copy = "target/packaging/aws-batch-operator";
    let folder = root().join(copy);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(folder.parent().unwrap_or(Path::new("")))?;
    run("cp", &["-R", CHART, copy])?;
    let file = folder.join("Chart.yaml");
    fs::write(&file, annotated(&fs::read_to_string(&file)?, digest)?)?;
    Ok(copy.to_owned())
}

fn annotated(chart: &str, digest: &Digest) -> Result<String, Failure> {
    let mark = "\nannotations:\n";
    if chart.matches(mark).count() != 1 || chart.contains(ANNOTATION) {
        return Err(format!("Chart.yaml must have annotations, and {ANNOTATION} not among them").into());
    }
    Ok(chart.replace(mark, &format!("{mark}  {ANNOTATION}: {}\n", digest.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_of_sha256_and_whole() {
        let whole = Digest::of_nothing().0;
        assert!(whole.parse::<Digest>().is_ok());
        for other in [
            "",
            "0.1.0",
            &whole[..70],
            &whole.to_uppercase(),
            &whole.replace("256", "512"),
            &format!("{whole}0"),
        ] {
            assert!(other.parse::<Digest>().is_err(), "{other}");
        }
    }

    #[test]
    fn a_chart_is_annotated_once_and_only_where_annotations_are() {
        let digest = Digest::of_nothing();
        let chart = annotated("name: a\nannotations:\n  b: c\n", &digest).unwrap();
        assert_eq!(chart, format!("name: a\nannotations:\n  {ANNOTATION}: {}\n  b: c\n", digest.0));
        assert!(annotated(&chart, &digest).is_err());
        assert!(annotated("name: a\n", &digest).is_err());
    }
}
