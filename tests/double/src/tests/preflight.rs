//! DescribeJobQueues and DescribeJobDefinitions.

use serde_json::json;

use super::ARN;
use super::Scene;
use crate::catalogue::Queue;
use crate::preflight::{definitions, queues};

#[test]
fn queues_are_told_by_name_or_arn_and_unknown_ones_left_out() {
    let mut scene = Scene::new();
    let off = Queue { enabled: false, fair_share: true };
    scene.world.catalogue.queues.insert("off".to_owned(), Some(off));
    let asked = json!({ "jobQueues": ["typo", format!("{ARN}:job-queue/off"), "q"] });
    let answer = queues(&scene.world.catalogue, &asked).unwrap();
    let states: Vec<_> =
        answer["jobQueues"].as_array().unwrap().iter().map(|queue| &queue["state"]).collect();
    assert_eq!(states, ["DISABLED", "ENABLED"]);
    assert!(answer["jobQueues"][0]["schedulingPolicyArn"].is_string());
    let all = queues(&scene.world.catalogue, &json!({})).unwrap();
    assert_eq!(all["jobQueues"].as_array().unwrap().len(), 2);
    assert!(queues(&scene.world.catalogue, &json!({ "jobQueues": vec!["q"; 101] })).is_err());
}

#[test]
fn definitions_are_told_with_their_revision() {
    let mut scene = Scene::new();
    scene.world.catalogue.definitions.get_mut("d").unwrap().revision = 4;
    let ask = |request| definitions(&scene.world.catalogue, &request).unwrap()["jobDefinitions"].clone();
    let revisions = [json!({ "jobDefinitionName": "d" }), json!({ "jobDefinitions": ["d"] }), json!({})];
    for request in revisions {
        assert_eq!(ask(request)[0]["jobDefinitionArn"], format!("{ARN}:job-definition/d:4"));
    }
    assert_eq!(ask(json!({ "jobDefinitions": ["typo"] })), json!([]));
    assert_eq!(ask(json!({ "status": "INACTIVE" })), json!([]));
}
