//! Jobs of several containers: tasks on Amazon ECS, pods on Amazon EKS.

use serde_json::{Value, json};

use super::{START, Scene, brisk};
use crate::behaviour::Behaviour;
use crate::catalogue::{Containers, Definition};
use crate::end::Ending;

/// A job of two containers, which is tried twice.
fn scene(containers: fn(Vec<String>) -> Containers, behaviour: Behaviour) -> (Scene, String) {
    let mut scene = Scene::new();
    let definition = Definition {
        containers: containers(["web", "audit"].map(str::to_owned).to_vec()),
        log_groups: [("audit".to_owned(), "/mine".to_owned())].into(),
        behaviour: Some(behaviour),
        ..Definition::default()
    };
    scene.world.catalogue.definitions.insert("several".to_owned(), definition);
    let retries = json!({ "jobDefinition": "several", "retryStrategy": { "attempts": 2 } });
    let id = scene.submit(&retries);
    (scene, id)
}

fn fails() -> Behaviour {
    Behaviour { exit_code: 3, reason: Some("DockerTimeoutError".to_owned()), ..brisk() }
}

/// This member of each container.
fn each(containers: &Value, member: &str) -> Vec<Value> {
    containers.as_array().unwrap().iter().map(|container| container[member].clone()).collect()
}

#[test]
fn a_task_tells_of_its_containers_in_place_of_the_only_one() {
    let (scene, id) = scene(Containers::Task, brisk());
    let task = |after| scene.job(&id, after)["ecsProperties"]["taskProperties"][0].clone();
    let starting = &task(299);
    assert_eq!(each(&starting["containers"], "name"), ["web", "audit"]);
    assert!(starting.get("taskArn").is_none() && starting["containers"][0].get("logStreamName").is_none());
    let running = &task(300);
    let number = running["taskArn"].as_str().unwrap().rsplit('/').next().unwrap();
    let streams = ["web", "audit"].map(|name| format!("several/{name}/{number}"));
    assert_eq!(each(&running["containers"], "logStreamName"), streams);
    let log = json!({ "logDriver": "awslogs", "options": { "awslogs-group": "/mine" } });
    assert_eq!(each(&running["containers"], "logConfiguration"), [Value::Null, log]);
    assert!(running["containers"][0].get("exitCode").is_none());
    let done = scene.job(&id, 400);
    assert_eq!(each(&task(400)["containers"], "exitCode"), [0, 0]);
    assert!(done.get("container").is_none() && done.get("eksProperties").is_none());
    assert_eq!(done["eksAttempts"], json!([]));
}

#[test]
fn in_a_task_the_last_container_fails_and_the_others_are_stopped_with_it() {
    let (scene, id) = scene(Containers::Task, fails());
    let job = scene.job(&id, 700);
    assert_eq!(
        (&job["status"], &job["statusReason"]),
        (&json!("FAILED"), &json!("Essential container in task exited"))
    );
    let attempts = job["attempts"].as_array().unwrap();
    let tasks: Vec<_> = attempts.iter().map(|attempt| attempt["taskProperties"][0].clone()).collect();
    assert_eq!(tasks.len(), 2);
    assert_ne!(tasks[0]["taskArn"], tasks[1]["taskArn"], "each attempt has a task of its own");
    for task in tasks.iter().chain([&job["ecsProperties"]["taskProperties"][0]]) {
        assert_eq!(each(&task["containers"], "exitCode"), [137, 3]);
        assert_eq!(each(&task["containers"], "reason"), [Value::Null, json!("DockerTimeoutError")]);
    }
    assert_eq!(job["ecsProperties"]["taskProperties"][0]["taskArn"], tasks[1]["taskArn"], "the last");
    assert!(attempts[0].get("container").is_none());
}

#[test]
fn a_pod_tells_of_its_containers_and_of_no_log() {
    let (scene, id) = scene(Containers::Pod, fails());
    let starting = scene.job(&id, 299);
    assert!(starting["eksProperties"]["podProperties"].get("podName").is_none());
    let first = scene.job(&id, 300)["eksProperties"]["podProperties"]["podName"].clone();
    let job = scene.job(&id, 700);
    assert!(job.get("container").is_none() && job.get("ecsProperties").is_none());
    assert_eq!((&job["attempts"], &job["status"]), (&json!([]), &json!("FAILED")));
    let pod = &job["eksProperties"]["podProperties"];
    let attempts = job["eksAttempts"].as_array().unwrap();
    let names: Vec<_> = attempts.iter().map(|attempt| attempt["podName"].clone()).collect();
    assert_eq!(names, [first, pod["podName"].clone()]);
    assert_ne!(names[0], names[1], "each attempt has a pod of its own");
    let last = &attempts[1];
    assert_eq!((&last["startedAt"], &last["stoppedAt"]), (&json!(START + 600), &json!(START + 700)));
    for containers in [&pod["containers"], &last["containers"]] {
        assert_eq!(each(containers, "exitCode"), [0, 3], "the other came to its own end");
        assert_eq!(each(containers, "reason"), ["Completed", "DockerTimeoutError"]);
        assert_eq!(each(containers, "logStreamName"), [Value::Null, Value::Null]);
    }
    assert!(job.get("statusReason").is_none() && last.get("statusReason").is_none());
}

#[test]
fn a_pod_that_is_killed_takes_all_its_containers_with_it() {
    let (mut scene, id) = scene(Containers::Pod, Behaviour::forever());
    scene.end(Ending::Terminate, &id, 5_000);
    let job = scene.job(&id, 6_000);
    assert_eq!((&job["status"], &job["statusReason"]), (&json!("FAILED"), &json!("enough")));
    assert_eq!(each(&job["eksAttempts"][0]["containers"], "exitCode"), [137, 137]);
}

#[test]
fn the_only_container_may_have_a_log_group_of_its_own() {
    let mut scene = Scene::new();
    let log_groups = [("default".to_owned(), "/mine".to_owned())].into();
    let definition = Definition { log_groups, ..Definition::default() };
    scene.world.catalogue.definitions.insert("grouped".to_owned(), definition);
    let id = scene.submit(&json!({ "jobDefinition": "grouped" }));
    let log = &scene.job(&id, 0)["container"]["logConfiguration"];
    assert_eq!(log["options"], json!({ "awslogs-group": "/mine" }));
}
