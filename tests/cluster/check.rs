//! `aws-batch-operator check` says yes where an operator can work, and names what is missing where it cannot.

use std::process::Command;

use batch_double::{Fault, Kind, When};
use serde_json::{Value, json};

use crate::operator::command;
use crate::stage::{OPERATOR, Stage, manifest, plane};

/// What `check` says to this user, and whether it is content.
fn check(stage: &Stage, user: &str, change: impl FnOnce(&mut Command)) -> (bool, String) {
    let kubeconfig = plane().kubeconfig_for(user, &[]).unwrap();
    let mut command = command(stage, "check", &kubeconfig);
    change(&mut command);
    let output = command.output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

fn failures(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("failed")).collect()
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn check_is_content_with_the_operators_own_rights_and_changes_nothing() {
    let stage = Stage::new("check");
    let (is_content, text) = check(&stage, OPERATOR, |_| {});
    assert!(is_content && failures(&text).is_empty(), "{text}");
    for what in [
        "API server: v1.",
        "CRD batchjobs",
        "update batchjobs/status",
        "create leases",
        "ListJobs",
        "AWS account",
        "clock: within",
        "AWS signature: refused",
    ] {
        assert!(text.contains(what), "{what} is not told of: {text}");
    }
    let submitted = ["SubmitJob", "TerminateJobs", "CancelJobs"].map(|call| stage.double.count(call));
    assert_eq!((submitted, stage.double.accepted()), ([0, 0, 0], 0));
}

/// Every rule of the roles without one of its verbs, with the roles that remain.
fn without_one_verb(roles: &[Value]) -> Vec<(String, Vec<Value>)> {
    let mut cases = Vec::new();
    for (n, role) in roles.iter().enumerate() {
        for (rule_number, rule) in role["rules"].as_array().unwrap().iter().enumerate() {
            for (verb_number, verb) in rule["verbs"].as_array().unwrap().iter().enumerate() {
                let mut rest = roles.to_vec();
                let verbs = &mut rest[n]["rules"][rule_number]["verbs"];
                verbs.as_array_mut().unwrap().remove(verb_number);
                let resource = rule["resources"][0].as_str().unwrap();
                if verbs.as_array().unwrap().is_empty() {
                    rest[n]["rules"].as_array_mut().unwrap().remove(rule_number);
                }
                cases.push((format!("may {} {resource}", verb.as_str().unwrap()), rest));
            }
        }
    }
    cases
}

/// The roles under another name, bound to a user of that name.
fn grant(stage: &Stage, user: &str, roles: &[Value]) -> Vec<Value> {
    let mut objects = Vec::new();
    for role in roles {
        let (kind, api) = (role["kind"].as_str().unwrap(), "rbac.authorization.k8s.io/v1");
        let metadata =
            json!({ "name": format!("{user}-{kind}").to_lowercase(), "namespace": stage.namespace });
        objects
            .push(json!({ "apiVersion": api, "kind": kind, "metadata": metadata, "rules": role["rules"] }));
        objects.push(json!({ "apiVersion": api, "kind": format!("{kind}Binding"), "metadata": metadata,
            "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": metadata["name"] },
            "subjects": [{ "kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": user }] }));
    }
    objects
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn check_names_each_permission_that_is_removed() {
    let stage = Stage::new("check-roles");
    let roles = plane().run(&["create", "--dry-run=client", "-o", "json", "-f", &manifest("rbac.yaml")]);
    // One JSON text after another.
    let roles: Vec<Value> = serde_json::Deserializer::from_str(&roles.unwrap())
        .into_iter::<Value>()
        .flat_map(|role| role.map(|role| role["items"].as_array().cloned().unwrap_or(vec![role])).unwrap())
        .collect();
    let cases = without_one_verb(&roles);
    assert!(cases.len() > 9, "{}", cases.len());
    let mut objects = Vec::new();
    for (number, (_, rest)) in cases.iter().enumerate() {
        objects.extend(grant(&stage, &format!("check-{number}"), rest));
    }
    // The API server takes the roles in their order: when it knows the last, it knows all.
    objects.extend(grant(&stage, "check-all", &roles));
    let file = plane().dir().join("check-roles.json");
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": objects });
    std::fs::write(&file, list.to_string()).unwrap();
    plane().run(&["apply", "-f", &file.display().to_string()]).unwrap();
    let within = std::time::Duration::from_secs(20);
    stage.wait(within, "the roles are known", || check(&stage, "check-all", |_| {}).0);
    for (number, (missing, _)) in cases.iter().enumerate() {
        let (is_content, text) = check(&stage, &format!("check-{number}"), |_| {});
        let failures = failures(&text);
        assert!(!is_content && failures.len() == 1 && failures[0].contains(missing), "{missing}: {text}");
    }
}

#[test]
#[ignore = "needs a control plane: cargo xtask test"]
fn check_names_what_is_wrong_with_aws_and_with_the_api_server() {
    let stage = Stage::new("check-aws");
    stage.double.set_faults(vec![Fault::next("ListJobs", Kind::Denied, When::Before, 1)]);
    let told = |text: &str, what: &str| {
        assert!(failures(text).iter().any(|line| line.contains(what)), "{what}: {text}");
    };
    let (is_content, text) = check(&stage, OPERATOR, |_| {});
    assert!(!is_content);
    told(&text, "batch:ListJobs");
    told(&check(&stage, OPERATOR, |command| _ = command.env_remove("AWS_REGION")).1, "AWS_REGION");
    let anonymous = |command: &mut Command| {
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    };
    told(&check(&stage, OPERATOR, anonymous).1, "AWS credentials");
    let nowhere = format!("http://127.0.0.1:{}", controlplane::free_port());
    told(
        &check(&stage, OPERATOR, |command| _ = command.env("AWS_ENDPOINT_URL_BATCH", nowhere)).1,
        "AWS_ENDPOINT_URL_BATCH",
    );
    let (is_content, text) = check(&stage, OPERATOR, |command| _ = command.env("KUBECONFIG", "/nowhere"));
    assert!(!is_content);
    told(&text, "API server");
}
