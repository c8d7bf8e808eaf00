//! The policies of the chart on a real API server: who may write what, judged by users that have RBAC's rights and no others.

mod limits;
mod operator;
mod records;
mod tenants;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::helm::{helm, parse};
use crate::world::World;

/// How long the control plane may take to heed a policy, an annotation, or a quota of a new kind.
const SOON: Duration = Duration::from_secs(90);

/// Someone who is no administrator.
#[derive(Clone, Copy)]
pub struct Person {
    pub name: &'static str,
    pub groups: &'static [&'static str],
}

/// Of team A: writes BatchJobs there.
pub const ANNA: Person = Person { name: "anna", groups: &["team-a"] };
/// The same, who may adopt.
pub const LEA: Person = Person { name: "lea", groups: &["team-a", "team-a-leads"] };
/// Of team B.
pub const BEN: Person = Person { name: "ben", groups: &["team-b"] };

/// An installation with both policies, and ten teams, whose quotas are left out: the API server knows none of a new kind
/// until its controller has found the kind, and refuses everything until then.
pub fn teams(more: &[&str]) -> World {
    let world = World::new(4);
    apply_all(&world, &example(|kind| kind != "ResourceQuota"));
    world.install(&[&["--set", "admissionPolicy.enabled=true"], more].concat());
    world.established();
    in_force(&world);
    world
}

/// The objects of `examples/teams` of some kinds.
pub fn example(is_of: fn(&str) -> bool) -> Vec<Value> {
    let rendered = helm(4, &["template", "teams", "examples/teams"]).output().unwrap();
    let objects = parse(&String::from_utf8(rendered.stdout).unwrap());
    objects.into_iter().filter(|object| is_of(object["kind"].as_str().unwrap())).collect()
}

/// Applies an object as the administrator.
pub fn apply(world: &World, object: &Value) {
    apply_all(world, std::slice::from_ref(object));
}

/// The same of several.
pub fn apply_all(world: &World, objects: &[Value]) {
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": objects });
    let file = world.plane.dir().join("apply.json");
    std::fs::write(&file, list.to_string()).unwrap();
    let apply = ["apply", "--server-side", "--validate=strict", "--filename", &file.display().to_string()];
    world.plane.run(&apply).unwrap();
}

/// What kubectl answers the person: `Err` holds the sentence of a policy, or of whoever else refuses.
pub fn kubectl(world: &World, who: Person, arguments: &[&str]) -> Result<String, String> {
    let mut all: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    all.push(format!("--as={}", who.name));
    all.extend(who.groups.iter().chain(&["system:authenticated"]).map(|group| format!("--as-group={group}")));
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    world.plane.run(&all).map_err(|error| sentence(&error.to_string()))
}

/// The same of a verb that reads a file, such as `create`.
pub fn send(world: &World, who: Person, verb: &str, object: &Value) -> Result<String, String> {
    let file = world.plane.dir().join("object.json");
    std::fs::write(&file, object.to_string()).unwrap();
    kubectl(world, who, &[verb, "--filename", &file.display().to_string()])
}

/// What the policy, or RBAC, itself says; what stands before it is kubectl's and the API server's.
fn sentence(error: &str) -> String {
    let said = ["denied request: ", "is forbidden: "].iter().find_map(|before| error.split_once(before));
    said.map_or(error, |(_, sentence)| sentence).to_owned()
}

/// A BatchJob of team A as it should be, with other members.
pub fn job(name: &str, members: Value) -> Value {
    let mut spec =
        json!({ "jobQueue": "team-a-high", "jobDefinition": "team-a-train", "tags": { "team": "team-a" } });
    spec.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    json!({ "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
        "metadata": { "name": name, "namespace": "team-a" }, "spec": spec })
}

/// The same with metadata.
pub fn with(mut object: Value, metadata: Value) -> Value {
    object["metadata"].as_object_mut().unwrap().extend(metadata.as_object().unwrap().clone());
    object
}

/// Asks again until it is so: the API server takes policies and Namespaces up a moment later.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Result<T, String>) -> T {
    let begun = Instant::now();
    loop {
        match ask() {
            Ok(found) => return found,
            Err(answer) => assert!(begun.elapsed() < SOON, "{what}: {answer}"),
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Waits until both policies judge.
fn in_force(world: &World) {
    let dry = |object: &Value| {
        let file = world.plane.dir().join("dry.json");
        std::fs::write(&file, object.to_string()).unwrap();
        world.plane.run(&["create", "--dry-run=server", "--filename", &file.display().to_string()])
    };
    let claimed = with(job("probe", json!({})), json!({ "annotations": { "awsbatch.dev/claim": "copied" } }));
    let foreign = job("probe", json!({ "jobQueue": "nobodys" }));
    for (object, part) in [(&claimed, "only the operator writes"), (&foreign, "spec.jobQueue: nobodys")] {
        until(part, || match dry(object) {
            Err(error) if error.to_string().contains(part) => Ok(()),
            other => Err(format!("{other:?}")),
        });
    }
}
