//! What stands in several places says the same in each; and promtool takes the alerts.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::helm::{objects, of_kind, parse, path, read};

/// Every rule, as text.
fn rules(roles: &[&Value]) -> BTreeSet<String> {
    roles.iter().flat_map(|role| role["rules"].as_array().unwrap()).map(Value::to_string).collect()
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn the_chart_asks_for_the_rights_of_the_plain_manifest() {
    let plain = parse(&read("deploy/rbac.yaml"));
    let own =
        "--set=fullnameOverride=aws-batch-operator,rbac.aggregateToView=false,rbac.aggregateToEdit=false";
    let chart = objects(&[own, "--set=rbac.aggregateToAdmin=false"]);
    for kind in ["ClusterRole", "Role"] {
        assert_eq!(rules(&of_kind(&chart, kind)), rules(&of_kind(&plain, kind)), "{kind}");
    }
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn the_plain_manifests_are_those_of_the_kustomizations() {
    let crd = read("deploy/crd.yaml");
    let operator = read("deploy/base/operator.yaml");
    assert_eq!(read("deploy/install.yaml"), format!("{crd}---\n{operator}"));
    assert_eq!(read("deploy/base/crd.yaml"), crd);
    let namespaced = parse(&read("deploy/overlays/namespaced/operator.yaml"));
    let roles = of_kind(&namespaced, "ClusterRole");
    let for_people = |role: &&&Value| role["metadata"]["labels"].to_string().contains("aggregate-to");
    let of_jobs = roles.iter().filter(|role| !for_people(role));
    let of_jobs = of_jobs.filter(|role| role["rules"].to_string().contains("batchjobs"));
    assert_eq!(of_jobs.count(), 0, "whose own namespace it is, goes with the operator: a Role is enough");
}

#[test]
#[ignore = "needs promtool: cargo xtask packaging"]
fn promtool_takes_the_alerts_and_their_tests() {
    let program = path("target/tools/go/promtool/promtool");
    assert!(program.exists(), "no {}: `cargo xtask packaging` builds it", program.display());
    for arguments in [
        ["check", "rules", "charts/aws-batch-operator/files/rules.yaml"],
        ["test", "rules", "tests/packaging/alerts.yaml"],
    ] {
        let output = Command::new(&program).args(arguments).current_dir(path("")).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&text));
    }
}
