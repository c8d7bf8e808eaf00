//! Multi-node parallel jobs: the job has nodes, and each node can be asked for.

use serde_json::json;

use super::Scene;
use crate::catalogue::Definition;

#[test]
fn a_multi_node_job_tells_of_its_nodes() {
    let mut scene = Scene::new();
    let id = scene.submit(&json!({ "nodeOverrides": { "numNodes": 4 } }));
    let job = scene.job(&id, 300);
    assert_eq!(
        (&job["nodeProperties"]["numNodes"], &job["nodeProperties"]["mainNode"]),
        (&json!(4), &json!(0))
    );
    assert!(job.get("container").is_none() && job["status"] == "RUNNING");
    let node = scene.job(&format!("{id}#3"), 300);
    assert_eq!(node["nodeDetails"], json!({ "nodeIndex": 3, "isMainNode": false }));
    assert_eq!(node["jobId"], format!("{id}#3"));
    assert!(scene.describe(&[&format!("{id}#4"), &format!("{id}:0")], 300).is_empty());
}

#[test]
fn a_definition_can_be_multi_node_by_itself() {
    let mut scene = Scene::new();
    let definition = Definition { nodes: Some(2), ..Definition::default() };
    scene.world.catalogue.definitions.insert("mpi".to_owned(), definition);
    let id = scene.submit(&json!({ "jobDefinition": "mpi" }));
    assert_eq!(scene.job(&id, 0)["nodeProperties"]["numNodes"], 2);
    let refusal = scene.refusal(&json!({ "jobDefinition": "mpi", "arrayProperties": { "size": 2 } }));
    assert_eq!(refusal, "A multi-node parallel job cannot be an array job");
}

#[test]
fn the_nodes_of_a_job_are_listed() {
    let mut scene = Scene::new();
    let id = scene.submit(&json!({ "nodeOverrides": { "numNodes": 2 } }));
    let nodes = scene.ids(&json!({ "multiNodeJobId": id }), 300);
    assert_eq!(nodes, [format!("{id}#0"), format!("{id}#1")]);
    assert!(scene.ids(&json!({ "multiNodeJobId": id }), 100).is_empty(), "only RUNNING ones, unless told");
}
