//! The operator itself under both policies, with the chart's rights: it submits, follows, adopts, is killed, deletes and
//! lets go, and a namespace goes.

use batch_double::Behaviour;
use serde_json::{Value, json};

use super::{ANNA, BEN, LEA, job, kubectl, send, teams, until, with};
use crate::pod::Running;
use crate::world::World;

fn ended(world: &World) -> bool {
    world.double.jobs().iter().all(|job| ["SUCCEEDED", "FAILED"].contains(&job.status.as_str()))
}

/// A job that somebody else submitted, and whose owner in AWS lets the object of this name adopt it.
fn foreign(world: &World, name: &str) -> String {
    let adoptable = json!({ "awsbatch.dev/adoptable-by": format!("abo-test/team-a/{name}") });
    let request = json!({ "jobName": "theirs", "jobQueue": "team-a-high", "jobDefinition": "team-a-long",
        "tags": adoptable });
    world.double.submit(&request).unwrap()
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn the_operator_does_its_work_under_the_policies() {
    let world = teams(&["--set", "clusterId=abo-test"]);
    world.double.set_behaviour("team-a-long", Behaviour::forever());
    let operator = Running::ready(&world.plane, &world.pod());
    let long = json!({ "jobDefinition": "team-a-long" });
    send(&world, ANNA, "create", &job("long", long.clone())).unwrap();
    send(&world, ANNA, "create", &job("quick", json!({ "ttlSecondsAfterFinished": 1 }))).unwrap();
    let id = foreign(&world, "adopts");
    let adopts = with(job("adopts", long), json!({ "annotations": { "awsbatch.dev/adopt": id } }));
    send(&world, LEA, "create", &adopts).unwrap();
    for name in ["long", "adopts"] {
        world.wait_in("team-a", name, "Running");
    }
    // SIGKILL.
    drop(operator);
    send(&world, ANNA, "create", &job("later", json!({}))).unwrap();
    let operator = Running::ready(&world.plane, &world.pod());
    world.wait_in("team-a", "later", "Succeeded");
    let held = ["get", "bj", "long", "adopts", "--namespace=team-a", "--output=json"];
    let held: Value = serde_json::from_str(&world.plane.run(&held).unwrap()).unwrap();
    for object in held["items"].as_array().unwrap() {
        assert_eq!(object["metadata"]["finalizers"], json!(["awsbatch.dev/job"]), "{object}");
    }
    // The time to live has passed.
    world.plane.run(&["wait", "--for=delete", "bj/quick", "--namespace=team-a", "--timeout=40s"]).unwrap();
    kubectl(&world, ANNA, &["delete", "bj", "adopts", "--namespace=team-a", "--timeout=40s"]).unwrap();
    assert_eq!(world.double.accepted(), 4, "three of the operator, each once, and a foreign one");
    world.plane.run(&["delete", "namespace", "team-a", "--timeout=60s"]).unwrap();
    assert!(ended(&world), "{:?}", world.double.jobs());
    assert!(!operator.log().contains("ValidatingAdmissionPolicy"), "{}", operator.log());
    operator.stop();
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn the_operator_of_one_release_is_not_that_of_another() {
    let world = teams(&["--set", "watchNamespaces={team-a}"]);
    let second = "watchNamespaces={team-b},crds.install=false,admissionPolicy.enabled=true";
    let chart = crate::world::CHART;
    world.helm(&[&["install", "two", chart], &world.values()[..], &["--set", second]].concat());
    let operators = ["abo", "two"].map(|release| Running::ready(&world.plane, &world.pod_of(release)));
    let of_b = json!({ "jobQueue": "team-b-q", "jobDefinition": "team-b-d", "tags": { "team": "team-b" } });
    send(&world, ANNA, "create", &job("same", json!({}))).unwrap();
    let of_b = with(job("same", of_b), json!({ "namespace": "team-b" }));
    let wrong = with(job("wrong", json!({})), json!({ "namespace": "team-b" }));
    until("the second release's policy judges", || match send(&world, BEN, "create", &wrong) {
        Err(said) if said.contains("spec.jobQueue: team-a-high is not allowed in namespace team-b") => Ok(()),
        other => Err(format!("{other:?}")),
    });
    send(&world, BEN, "create", &of_b).unwrap();
    for team in ["team-a", "team-b"] {
        world.wait_in(team, "same", "Succeeded");
    }
    // A namespace that neither watches is judged by neither.
    world.create("unjudged");
    operators.into_iter().for_each(Running::stop);
}
