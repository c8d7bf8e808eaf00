//! Other people's judges of what we ship: schemas of Kubernetes, a policy scan, and two readers of workflows.

use std::fs;
use std::process::Command;

use crate::run::{Failure, command, missing, output, root};
use crate::tools;

/// The objects are of this Kubernetes.
const KUBERNETES: &str = "1.37.0";
/// What is looked at besides the rendered values.
const OWN: [&str; 4] = [
    "deploy/install.yaml",
    "deploy/overlays/namespaced/operator.yaml",
    "deploy/admission/ownership.yaml",
    "deploy/admission/use.yaml",
];
/// The exceptions, and why.
const POLICY: &str = "tests/packaging/checkov.yaml";

/// Fails when one of them finds something.
pub fn scan() -> Result<(), Failure> {
    let rendered = render()?;
    let manifests: Vec<&str> = rendered.iter().map(String::as_str).chain(OWN).collect();
    let schemas =
        [&["--strict", "--quiet", "--no-warn", "--kubernetes-version", "1.37"][..], &manifests].concat();
    judge("kubernetes-validate", tools::kubernetes_validate(&schemas)?)?;
    let files: Vec<&str> =
        ["Dockerfile"].iter().chain(&manifests).flat_map(|name| ["--file", name]).collect();
    let policy = ["--quiet", "--compact", "--skip-download", "--config-file", POLICY];
    judge("checkov", tools::checkov(&[&policy[..], &files].concat())?)?;
    judge("zizmor", tools::zizmor(&["--offline", "--quiet", ".github"])?)?;
    let workflows = [".github/workflows/ci.yaml", ".github/workflows/release.yaml"];
    judge("actionlint", command(&tools::actionlint()?, &workflows))
}

/// Each value set of `ci/`, as files.
fn render() -> Result<Vec<String>, Failure> {
    let folder = root().join("target/packaging");
    fs::create_dir_all(&folder)?;
    let chart = "charts/aws-batch-operator";
    let helm = tools::helm(tools::Helm::V4)?;
    let mut files = Vec::new();
    for set in fs::read_dir(root().join(chart).join("ci"))? {
        let set = set?;
        let values = set.path().display().to_string();
        let template = ["template", "abo", chart, "--namespace", "ns", "--kube-version", KUBERNETES];
        let text = output(&helm, &[&template[..], &["--values", &values]].concat())?;
        let file = folder.join(set.file_name());
        fs::write(&file, text)?;
        files.push(format!("target/packaging/{}", set.file_name().to_string_lossy()));
    }
    files.sort();
    Ok(files)
}

fn judge(name: &str, mut judge: Command) -> Result<(), Failure> {
    let status = judge.status().map_err(|error| missing(name, &error))?;
    if status.success() { Ok(()) } else { Err(format!("{name} finds something, or fails").into()) }
}
