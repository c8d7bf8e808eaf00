//! What OpenShift needs of the rendered objects: no ids of ours, its DNS, and no pod of a hook that nobody knows.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::helm::{HELMS, helm, of_kind, of_set, one, parse, path};

const IDS: [&str; 3] = ["runAsUser", "runAsGroup", "fsGroup"];

/// The security context of the Deployment's pods.
fn context(objects: &[Value]) -> Value {
    one(objects, "Deployment")["spec"]["template"]["spec"]["securityContext"].clone()
}

fn ids(context: &Value) -> Vec<&str> {
    IDS.into_iter().filter(|id| !context[id].is_null()).collect()
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn the_platform_chooses_the_ids_when_it_is_let() {
    let all = of_set("14-openshift");
    let context = context(&all);
    assert_eq!(ids(&context), [""; 0]);
    assert_eq!(
        (&context["runAsNonRoot"], &context["seccompProfile"]["type"]),
        (&json!(true), &json!("RuntimeDefault"))
    );
    let egress = one(&all, "NetworkPolicy")["spec"]["egress"][0]["ports"].clone();
    let dns: Vec<_> = egress.as_array().unwrap().iter().map(|port| port["port"].clone()).collect();
    assert_eq!(dns, [53, 53, 5353, 5353]);
    assert!(of_kind(&all, "Pod").is_empty(), "the pod of helm test is left out");
}

#[test]
#[ignore = "needs Helm: cargo xtask packaging"]
fn a_parent_chart_lets_the_platform_choose_as_well() {
    for major in HELMS {
        let parent = std::env::temp_dir().join(format!("abo-parent-{}-{major}", std::process::id()));
        make(&parent);
        let arguments = ["template", "abo", &parent.display().to_string(), "--kube-version", "1.37.0"];
        let output = helm(major, &arguments).output().unwrap();
        fs::remove_dir_all(&parent).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let all = parse(&String::from_utf8(output.stdout).unwrap());
        assert_eq!(ids(&context(&all)), [""; 0], "Helm {major}");
        assert_eq!(ids(&one(&all, "Pod")["spec"]["securityContext"]), [""; 0], "Helm {major}");
    }
}

/// A chart whose dependency ours is.
fn make(parent: &Path) {
    fs::create_dir_all(parent.join("charts")).unwrap();
    let chart = "apiVersion: v2\nname: parent\nversion: 1.0.0\ndependencies: [{ name: aws-batch-operator, version: '*' }]\n";
    fs::write(parent.join("Chart.yaml"), chart).unwrap();
    fs::write(parent.join("values.yaml"), "aws-batch-operator: { fixedIds: false }\n").unwrap();
    let copied = Command::new("cp")
        .arg("-R")
        .arg(path("charts/aws-batch-operator"))
        .arg(parent.join("charts"))
        .status();
    assert!(copied.unwrap().success());
}
