//! A permission is missing: each one without which it cannot begin, and each is named.

use serde_json::Value;

use super::{COUNTED, MENDED_WITHIN, wait_for_reason};
use crate::operator::Operator;
use crate::stage::{Stage, plane};

/// One verb on one resource, and what is said without it.
const NEEDED: [(&str, &str, &str); 6] = [
    ("batchjobs", "list", "cannot watch BatchJobs"),
    ("batchjobs", "watch", "cannot watch BatchJobs"),
    ("namespaces", "get", "allow get on it, or set --cluster-id"),
    ("leases", "get", "may get, create and update"),
    ("leases", "create", "may get, create and update"),
    ("leases", "update", "may get, create and update"),
];

/// A copy of a role of ours, without the verb, for one user.
pub fn grant(kind: &str, namespace: &str, user: &str, without: Option<(&str, &str)>) {
    let plane = plane();
    let role = plane.run(&["-n", namespace, "get", kind, "aws-batch-operator", "-o", "json"]).unwrap();
    let mut role: Value = serde_json::from_str(&role).unwrap();
    let name = format!("{user}-{}", without.map_or("whole", |(_, verb)| verb));
    role["metadata"] = serde_json::json!({ "name": name, "namespace": namespace });
    if let Some((resource, verb)) = without {
        for rule in role["rules"].as_array_mut().unwrap() {
            if rule["resources"][0] == resource {
                rule["verbs"].as_array_mut().unwrap().retain(|granted| granted != verb);
            }
        }
        role["rules"].as_array_mut().unwrap().retain(|rule| rule["verbs"] != serde_json::json!([]));
    }
    let file = plane.dir().join(format!("{kind}-{name}.json"));
    std::fs::write(&file, role.to_string()).unwrap();
    plane.run(&["apply", "-f", &file.display().to_string()]).unwrap();
    let (binding, flag) = (format!("{kind}binding"), format!("--{kind}={name}"));
    let user = format!("--user={user}");
    plane.run(&["-n", namespace, "create", &binding, &name, &flag, &user]).unwrap();
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn each_permission_that_is_missing_is_named_and_may_be_granted_later() {
    for (resource, verb, says) in NEEDED {
        let stage = Stage::new(&format!("start-{resource}-{verb}"));
        let user = format!("without-{resource}-{verb}");
        let without = Some((resource, verb));
        grant("clusterrole", &stage.namespace, &user, without);
        grant("role", &stage.namespace, &user, without);
        if verb == "update" {
            // Whoever finds no Lease creates it: this one finds one that nobody holds.
            let lease = r#"{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"aws-batch-operator"}}"#;
            let file = plane().dir().join("lease.json");
            std::fs::write(&file, lease).unwrap();
            stage.kubectl(&["create", "-f", &file.display().to_string()]).unwrap();
        }
        let kubeconfig = plane().kubeconfig_for(&user, &[]).unwrap();
        let operator = Operator::start_with(&stage, &[], |command| {
            command.env("KUBECONFIG", kubeconfig);
        });
        wait_for_reason(&operator, &[says, "forbidden", verb, resource]);
        let calls = || plane().audit().unwrap().iter().filter(|event| event.user == user).count();
        let before = calls();
        std::thread::sleep(COUNTED);
        let made = calls() - before;
        assert!(made <= 20, "{made} calls of the API server in {COUNTED:?} without {verb} on {resource}");
        grant("clusterrole", &stage.namespace, &user, None);
        grant("role", &stage.namespace, &user, None);
        let within = if verb == "watch" { MENDED_WITHIN * 3 } else { MENDED_WITHIN };
        operator.wait_until_ready(within);
    }
}
