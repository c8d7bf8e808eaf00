//! The plain manifests, rendered of the chart: what `kubectl apply` installs is what Helm installs.

use super::chart::CHART;
use super::generated::Generated;
use crate::run::{Failure, output};
use crate::tools;

const NAMESPACE: &str = "aws-batch-operator";
const HEADER: &str = "# Generated from the chart by `cargo xtask gen`. Do not edit.\n";
/// The restricted Pod Security Standard, which the pods keep to.
const NAMESPACE_OBJECT: &str = "---
apiVersion: v1
kind: Namespace
metadata:
  name: aws-batch-operator
  labels:
    app.kubernetes.io/name: aws-batch-operator
    pod-security.kubernetes.io/enforce: restricted
";
const METRICS: [&str; 6] = [
    "--show-only=templates/monitors.yaml",
    "--show-only=templates/prometheusrule.yaml",
    "--show-only=templates/dashboard.yaml",
    "--set=metrics.serviceMonitor.enabled=true,metrics.serviceMonitor.renderMode=alwaysRender",
    "--set=metrics.prometheusRule.enabled=true,metrics.prometheusRule.renderMode=alwaysRender",
    "--set=metrics.grafanaDashboard.enabled=true",
];
/// Both policies, for all namespaces.
const ADMISSION: [&str; 2] = ["ownership", "use"];

/// Their paths and texts.
pub fn files(crd: &str) -> Result<Vec<Generated>, Failure> {
    let operator = format!("{HEADER}{NAMESPACE_OBJECT}{}", render(&[])?);
    let one = [format!("--set=watchNamespaces={{{NAMESPACE}}}")];
    let one: Vec<&str> = one.iter().map(String::as_str).collect();
    let namespaced = format!("{HEADER}{NAMESPACE_OBJECT}{}", render(&one)?);
    let mut files = vec![
        ("deploy/install.yaml".to_owned(), format!("{crd}---\n{operator}")),
        ("deploy/base/crd.yaml".to_owned(), crd.to_owned()),
        ("deploy/base/operator.yaml".to_owned(), operator),
        ("deploy/overlays/namespaced/crd.yaml".to_owned(), crd.to_owned()),
        ("deploy/overlays/namespaced/operator.yaml".to_owned(), namespaced),
        ("deploy/overlays/metrics/metrics.yaml".to_owned(), format!("{HEADER}{}", render(&METRICS)?)),
    ];
    for policy in ADMISSION {
        let one = format!("--show-only=templates/admission/{policy}.yaml");
        let text = render(&["--set=admissionPolicy.enabled=true", &one])?;
        files.push((format!("deploy/admission/{policy}.yaml"), format!("{HEADER}{text}")));
    }
    Ok(files)
}

/// `install.yaml` of another chart.
pub fn install(crd: &str, chart: &str) -> Result<String, Failure> {
    Ok(format!("{crd}---\n{HEADER}{NAMESPACE_OBJECT}{}", render_chart(chart, &[])?))
}

fn render(more: &[&str]) -> Result<String, Failure> {
    render_chart(CHART, more)
}

/// Without the CRD, the test, and what only Helm has use for.
fn render_chart(chart: &str, more: &[&str]) -> Result<String, Failure> {
    let helm = tools::helm(tools::Helm::V4)?;
    let common = ["template", "aws-batch-operator", chart, "--namespace", NAMESPACE];
    let quiet = ["--skip-tests", "--set=crds.install=false"];
    let text = output(&helm, &[&common[..], &quiet, more].concat())?;
    let is_helms = |line: &&str| {
        let line = line.trim();
        ["# Source:", "helm.sh/chart:", "app.kubernetes.io/managed-by:"]
            .iter()
            .any(|own| line.starts_with(own))
    };
    let lines = text.lines().filter(|line| !is_helms(line)).map(str::trim_end);
    Ok(lines.collect::<Vec<_>>().join("\n") + "\n")
}
