//! What is rendered, on a real API server: taken whole, with strict field validation, and without a change at the second
//! apply.

use controlplane::{ControlPlane, Options};
use serde_json::{Value, json};

use crate::helm::{parse, path, text, value_sets};

/// What the Prometheus operator serves, which is not here.
const FOREIGN: &str = "monitoring.coreos.com/v1";

fn plane() -> ControlPlane {
    let plane = ControlPlane::start(Options { controllers: false, ..Options::default() }).unwrap();
    for namespace in ["ns", "team-a", "team-b", "aws-batch-operator"] {
        plane.run(&["create", "namespace", namespace]).unwrap();
    }
    plane
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn the_api_server_takes_every_value_set_with_strict_validation() {
    let plane = plane();
    for set in value_sets() {
        let objects = parse(&text(4, &["--values", &set]));
        let mut ours: Vec<Value> =
            objects.into_iter().filter(|object| object["apiVersion"] != FOREIGN).collect();
        for object in &mut ours {
            if object["metadata"]["namespace"].is_null() {
                object["metadata"]["namespace"] = json!("ns");
            }
        }
        let file = plane.dir().join("rendered.json");
        let list = json!({ "apiVersion": "v1", "kind": "List", "items": ours });
        std::fs::write(&file, list.to_string()).unwrap();
        let file = file.display().to_string();
        let strict = ["apply", "--server-side", "--dry-run=server", "--validate=strict", "--filename", &file];
        let said = plane.run(&strict).unwrap_or_else(|error| panic!("{set}: {error}"));
        assert_eq!(said.lines().count(), ours.len(), "{set}: {said}");
    }
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn applying_twice_changes_nothing_by_file_and_by_kustomization() {
    let plane = plane();
    let of = |name: &str| path(name).display().to_string();
    for arguments in [["--filename", &of("deploy/install.yaml")], ["-k", &of("deploy/base")]] {
        let apply = ["apply", "--server-side", "--validate=strict", arguments[0], arguments[1]];
        plane.run(&apply).unwrap();
        let versions = || {
            let all = "namespace,serviceaccount,clusterrole,clusterrolebinding,role,rolebinding,deployment,service,pdb";
            let format = "jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{\"\\n\"}{end}";
            let get =
                ["get", all, "--all-namespaces", "--selector=app.kubernetes.io/name=aws-batch-operator"];
            plane.run(&[&get[..], &["--output", format]].concat()).unwrap()
        };
        let before = versions();
        assert!(before.lines().count() > 8, "{before}");
        plane.run(&apply).unwrap();
        assert_eq!(versions(), before);
        // kubectl diff fails when there is one.
        plane.run(&["diff", "--server-side", arguments[0], arguments[1]]).unwrap();
    }
    let namespaced = of("deploy/overlays/namespaced");
    plane
        .run(&["apply", "--server-side", "--dry-run=server", "--validate=strict", "-k", &namespaced])
        .unwrap();
    let metrics = plane.run(&["kustomize", &of("deploy/overlays/metrics")]).unwrap();
    for kind in ["kind: ServiceMonitor", "kind: PrometheusRule", "kind: Deployment", "grafana_dashboard"] {
        assert!(metrics.contains(kind), "{kind}");
    }
}
