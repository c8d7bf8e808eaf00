//! What the API server makes of the policies: types, cost, names against ARNs, and members that nobody has thought of.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{teams, until};
use crate::helm::{parse, read};
use crate::world::World;

/// As many entries an annotation may have, whatever the job holds (docs/admission.md).
const ENTRIES: usize = 200;

fn namespace(name: &str, annotations: Value) -> Value {
    let mut allowed =
        json!({ "allow.awsbatch.dev/job-queues": "*", "allow.awsbatch.dev/job-definitions": "*" });
    allowed.as_object_mut().unwrap().extend(annotations.as_object().unwrap().clone());
    json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name, "annotations": allowed } })
}

/// What the administrator is answered, for whom no policy makes an exception.
fn try_create(world: &World, namespace: &str, spec: &Value) -> Result<String, String> {
    let object = json!({ "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
        "metadata": { "generateName": "x-", "namespace": namespace }, "spec": spec });
    let file = world.plane.dir().join("try.json");
    std::fs::write(&file, object.to_string()).unwrap();
    let create = ["create", "--dry-run=server", "--filename", &file.display().to_string()];
    world.plane.run(&create).map_err(|error| error.to_string())
}

/// It checks the expressions that judge; those of variables are held by what they lead to.
#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn the_api_server_finds_no_wrong_type_in_the_policies() {
    let world = teams(&[]);
    for policy in ["ownership", "use"] {
        let name = format!("abo-aws-batch-operator-abo-{policy}");
        let get = ["get", "validatingadmissionpolicy", &name, "--output=json"];
        let checked = until("the types are checked", || {
            let policy: Value = serde_json::from_str(&world.plane.run(&get).unwrap()).unwrap();
            let is_checked = policy["status"]["observedGeneration"] == policy["metadata"]["generation"]
                && policy["status"]["typeChecking"].is_object();
            if is_checked { Ok(policy) } else { Err(policy["status"].to_string()) }
        });
        assert_eq!(checked["status"]["typeChecking"], json!({}), "{policy}");
    }
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn the_largest_job_is_judged_by_long_lists() {
    let world = teams(&[]);
    let list = |last: &str| {
        let entries = (1..ENTRIES).map(|number| format!("example.com/a-team-of-many/{number:04}-*"));
        entries.chain([last.to_owned()]).collect::<Vec<_>>().join(", ")
    };
    let annotations = json!({ "allow.awsbatch.dev/job-queues": list("q"), "allow.awsbatch.dev/job-definitions": list("d"),
        "allow.awsbatch.dev/images": list("last/*"), "allow.awsbatch.dev/eks-namespaces": list("last"),
        "allow.awsbatch.dev/share-identifiers": list("s"), "allow.awsbatch.dev/members": "resources" });
    super::apply(&world, &namespace("many", annotations));
    let containers: Vec<Value> = (0..10)
        .map(
            |number| json!({ "name": number.to_string(), "image": format!("last/image:{}", "x".repeat(60)) }),
        )
        .collect();
    let pod = json!({ "podProperties": { "containers": containers, "initContainers": containers,
        "metadata": { "namespace": "last" } } });
    let nodes: Vec<Value> = (0..20)
        .map(|node| json!({ "targetNodes": node.to_string(), "eksPropertiesOverride": pod, "instanceTypes": ["m5.large"] }))
        .collect();
    let spec = json!({ "jobQueue": "q", "jobDefinition": "d", "shareIdentifier": "s",
        "nodeOverrides": { "nodePropertyOverrides": nodes } });
    try_create(&world, "many", &spec).unwrap();
    // A refusal shows as much of a list as a message holds.
    let said = try_create(&world, "many", &json!({ "jobQueue": "other", "jobDefinition": "d" })).unwrap_err();
    assert!(said.contains("spec.jobQueue: other is not allowed") && said.contains("0001-*"), "{said}");
    assert!(said.contains(" ... Use one of these") || said.contains(" .... Use one of these"), "{said}");
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn a_name_and_an_arn_are_the_same_queue_and_definition() {
    const BATCH: &str = "arn:aws:batch:eu-central-1:123456789012";
    let world = teams(&[]);
    let arn = |rest: &str| format!("{BATCH}:{rest}");
    let (own, other) = (arn("job-definition/train:7"), arn("job-definition/train-more:7"));
    let abroad = "arn:aws:batch:us-east-1:210987654321:job-definition/train:7".to_owned();
    let bare = arn("job-definition/train");
    let text = |text: &str| text.to_owned();
    let cases = [
        (
            text("train"),
            vec![text("train"), text("train:7"), own.clone(), bare.clone()],
            vec![text("train-more"), other.clone()],
        ),
        (
            text("train:7"),
            vec![text("train:7"), own.clone()],
            vec![text("train"), text("train:70"), text("train:8")],
        ),
        (
            text("train:*"),
            vec![text("train:7"), own.clone()],
            vec![text("train"), bare.clone(), other.clone()],
        ),
        (
            text("train*"),
            vec![text("train"), text("train-more"), other.clone()],
            vec![text("retrain"), text("*")],
        ),
        (
            bare.clone(),
            vec![text("train"), text("train:7"), own.clone(), bare.clone()],
            vec![other.clone(), abroad.clone()],
        ),
        (own.clone(), vec![text("train:7"), own.clone()], vec![text("train"), bare.clone(), abroad.clone()]),
        (arn("job-definition/*"), vec![text("any"), own.clone()], vec![abroad.clone()]),
        (text("a, \n train:7 \n"), vec![text("a:1"), text("train:7")], vec![text("b"), text("n")]),
        (text("*"), vec![text("any"), abroad.clone()], vec![]),
        (text("*train"), vec![], vec![text("train"), text("retrain")]),
    ];
    for (number, (entry, allowed, refused)) in cases.iter().enumerate() {
        let name = format!("case-{number}");
        let annotations = json!({ "allow.awsbatch.dev/job-definitions": entry });
        super::apply(&world, &namespace(&name, annotations));
        for value in allowed {
            let spec = json!({ "jobQueue": "q", "jobDefinition": value });
            try_create(&world, &name, &spec).unwrap_or_else(|said| panic!("{entry}: {value}: {said}"));
        }
        for value in refused {
            let spec = json!({ "jobQueue": "q", "jobDefinition": value });
            let said = try_create(&world, &name, &spec).expect_err(&format!("{entry}: {value}"));
            assert!(said.contains("spec.jobDefinition"), "{entry}: {value}: {said}");
        }
    }
    let queues = json!({ "allow.awsbatch.dev/job-queues": "own-*" });
    super::apply(&world, &namespace("queues", queues));
    for (queue, is_allowed) in [
        (text("own-high"), true),
        (arn("job-queue/own-high"), true),
        (arn("job-queue/other"), false),
        // No ARN of a queue at all: its last part means nothing.
        (arn("job-definition/own-high"), false),
        (arn("job-queue/other/own-high"), false),
    ] {
        let spec = json!({ "jobQueue": queue, "jobDefinition": "d" });
        assert_eq!(try_create(&world, "queues", &spec).is_ok(), is_allowed, "{queue}");
    }
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn a_member_is_found_wherever_it_stands() {
    let world = teams(&[]);
    super::apply(&world, &namespace("none", json!({})));
    super::apply(&world, &namespace("all", json!({ "allow.awsbatch.dev/members": "*" })));
    let command = json!({ "command": ["sh"] });
    let task = json!({ "taskProperties": [{ "containers": [{ "name": "a" }, command] }] });
    let pod = |member: &str, value: Value| json!({ "podProperties": { member: value } });
    let args = json!([{ "name": "a" }, { "args": ["-c"] }]);
    let mut specs = Vec::new();
    for (path, own) in [
        ("containerOverrides.command", json!({ "containerOverrides": command })),
        (
            "ecsPropertiesOverride.taskProperties[].containers[].command",
            json!({ "ecsPropertiesOverride": task }),
        ),
        (
            "eksPropertiesOverride.podProperties.containers[].args",
            json!({ "eksPropertiesOverride": pod("containers", args.clone()) }),
        ),
        (
            "eksPropertiesOverride.podProperties.initContainers[].args",
            json!({ "eksPropertiesOverride": pod("initContainers", args) }),
        ),
        (
            "eksPropertiesOverride.podProperties.metadata.labels",
            json!({ "eksPropertiesOverride": pod("metadata", json!({ "labels": { "a": "b" } })) }),
        ),
        (
            "containerOverrides.environment",
            json!({ "containerOverrides": { "environment": [{ "name": "a" }] } }),
        ),
        ("containerOverrides.vcpus", json!({ "containerOverrides": { "vcpus": 8 } })),
        ("consumableResourcePropertiesOverride", json!({ "consumableResourcePropertiesOverride": {} })),
    ] {
        let mut node = json!({ "targetNodes": "1" });
        node.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        let nodes = json!({ "nodeOverrides": { "nodePropertyOverrides": [{ "targetNodes": "0" }, node] } });
        specs.extend([(format!("spec.{path}"), own), (format!("nodePropertyOverrides[].{path}"), nodes)]);
    }
    specs.push(("nodeOverrides.numNodes".to_owned(), json!({ "nodeOverrides": { "numNodes": 9 } })));
    for (path, mut spec) in specs {
        spec.as_object_mut()
            .unwrap()
            .extend([("jobQueue".into(), json!("q")), ("jobDefinition".into(), json!("d"))]);
        let said = try_create(&world, "none", &spec).expect_err(&path);
        let end = path.trim_start_matches("spec.");
        assert!(said.contains(&format!("{end} may not be set in namespace none")), "{path}: {said}");
        try_create(&world, "all", &spec).unwrap_or_else(|said| panic!("{path}: {said}"));
    }
}

/// The names of all members below the schema.
fn members(schema: &Value, into: &mut BTreeSet<String>) {
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        into.insert(name.clone());
        members(member, into);
    }
    if schema["items"].is_object() {
        members(&schema["items"], into);
    }
}

#[test]
fn every_member_of_the_spec_is_judged_or_is_said_to_be_free() {
    let crd = &parse(&read("deploy/crd.yaml"))[0];
    let spec = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"];
    let mut all = BTreeSet::new();
    members(spec, &mut all);
    let page = read("docs/admission.md");
    let unknown: Vec<_> = all.iter().filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert!(unknown.is_empty(), "docs/admission.md does not say who judges {unknown:?}");
    // The policy reads the first task.
    let tasks = &spec["properties"]["ecsPropertiesOverride"]["properties"]["taskProperties"];
    assert_eq!(tasks["maxItems"], 1);
}
