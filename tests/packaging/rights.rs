//! The rights that the chart gives its ServiceAccount: `check` is content with them, and names each that is taken away.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::pod::NAMESPACE;
use crate::world::World;

/// One verb of one rule of a role.
struct Right {
    role: Vec<String>,
    rule: usize,
    verb: Value,
    at: usize,
    named: String,
}

/// Those of the release, as the cluster has them.
fn rights(world: &World) -> Vec<Right> {
    let own = "--selector=app.kubernetes.io/instance=abo,!rbac.authorization.k8s.io/aggregate-to-view,\
        !rbac.authorization.k8s.io/aggregate-to-edit,!rbac.authorization.k8s.io/aggregate-to-admin";
    let get = ["get", "role,clusterrole", "--all-namespaces", "--output=json", own];
    let list: Value = serde_json::from_str(&world.plane.run(&get).unwrap()).unwrap();
    let mut rights = Vec::new();
    for role in list["items"].as_array().unwrap() {
        let name =
            format!("{}/{}", role["kind"].as_str().unwrap(), role["metadata"]["name"].as_str().unwrap());
        let namespace = role["metadata"]["namespace"].as_str();
        let within = namespace.map(|namespace| format!("--namespace={namespace}"));
        for (number, rule) in role["rules"].as_array().unwrap().iter().enumerate() {
            let resource = rule["resources"][0].as_str().unwrap();
            for (at, verb) in rule["verbs"].as_array().unwrap().iter().enumerate() {
                let named = format!("may {} {resource}", verb.as_str().unwrap());
                let role = [name.clone()].into_iter().chain(within.clone()).collect();
                rights.push(Right { role, rule: number, verb: verb.clone(), at, named });
            }
        }
    }
    rights
}

fn patch(world: &World, right: &Right, change: &Value) {
    let change = json!([change]).to_string();
    let role: Vec<&str> = right.role.iter().map(String::as_str).collect();
    world.plane.run(&[&["patch", "--type=json", "--patch", &change][..], &role].concat()).unwrap();
}

/// What `check` says once it says so; the API server takes a changed role a moment later.
fn until(world: &World, is_content: bool) -> String {
    let pod = world.check();
    let begun = Instant::now();
    loop {
        let output = crate::pod::run(&world.plane, &pod);
        let said = String::from_utf8(output.stdout).unwrap();
        if output.status.success() == is_content {
            return said;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{said}");
    }
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn check_names_each_right_that_is_taken_from_the_charts_account() {
    let world = World::new(4);
    let namespaces = format!("watchNamespaces={{{NAMESPACE},team-a}}");
    world.plane.run(&["create", "namespace", "team-a"]).unwrap();
    // Its own namespace is not among them: the Role there holds the right to tell who leads.
    let other = ["--set", "watchNamespaces={team-a}"];
    for (values, count) in [(&[][..], 11), (&["--set", &namespaces], 14), (&other, 13)] {
        world.install(values);
        world.established();
        until(&world, true);
        let rights = rights(&world);
        assert_eq!(rights.len(), count);
        for right in &rights {
            let path = format!("/rules/{}/verbs/{}", right.rule, right.at);
            // A rule cannot be without a verb.
            patch(&world, right, &json!({ "op": "replace", "path": path, "value": "none" }));
            let said = until(&world, false);
            let failed: Vec<&str> = said.lines().filter(|line| line.starts_with("failed")).collect();
            assert!(!failed.is_empty(), "{}: {said}", right.named);
            // A right of the ClusterRole is missing in each namespace that is watched.
            assert!(failed.iter().all(|line| line.contains(&right.named)), "{}: {said}", right.named);
            patch(&world, right, &json!({ "op": "replace", "path": path, "value": right.verb }));
            until(&world, true);
        }
        world.helm(&["uninstall", "abo"]);
    }
}
