//! A watched namespace is deleted while its jobs run. The operator has the chart's rights and no other, and the Role in
//! that namespace is gone long before the jobs have ended.

use std::time::{Duration, Instant};

use batch_double::{Behaviour, Fault, Kind, When};
use serde_json::json;

use crate::pod::{NAMESPACE, Running};
use crate::world::World;

const JOBS: [&str; 5] = ["one", "two", "three", "four", "five"];
/// How long the namespace may take to go.
const GOES_WITHIN: &str = "--timeout=60s";

/// An installation for two namespaces, and jobs that run until they are ended in the first.
fn world() -> (World, Running) {
    let world = World::new(4);
    for team in ["team-a", "team-b"] {
        world.plane.run(&["create", "namespace", team]).unwrap();
    }
    world.install(&["--set", "watchNamespaces={team-a,team-b}"]);
    world.established();
    let operator = Running::ready(&world.plane, &world.pod());
    for name in JOBS {
        world.double.set_behaviour(name, Behaviour::forever());
        world.create_in("team-a", name, &json!({}));
    }
    for name in JOBS {
        world.wait_in("team-a", name, "Running");
    }
    (world, operator)
}

fn running(world: &World) -> usize {
    world.double.jobs().iter().filter(|job| !["SUCCEEDED", "FAILED"].contains(&job.status.as_str())).count()
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn a_namespace_that_is_deleted_ends_its_jobs_and_goes() {
    let (world, operator) = world();
    world.plane.run(&["delete", "namespace", "team-a", GOES_WITHIN]).unwrap();
    assert_eq!((world.double.accepted(), running(&world)), (JOBS.len(), 0));
    // The other namespace has an operator all the same.
    world.create_in("team-b", "quick", &json!({}));
    world.wait_in("team-b", "quick", "Succeeded");
    operator.stop();
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn an_operator_that_starts_while_a_namespace_goes_ends_its_jobs_too() {
    let (world, operator) = world();
    world.double.set_faults(vec![Fault::always("TerminateJobs", Kind::Denied, When::Before)]);
    world.plane.run(&["delete", "namespace", "team-a", "--wait=false"]).unwrap();
    let role = "role/abo-aws-batch-operator-abo-jobs";
    world.plane.run(&["wait", "--for=delete", role, "--namespace=team-a", GOES_WITHIN]).unwrap();
    operator.stop();
    assert_eq!(running(&world), JOBS.len(), "AWS has ended none");
    world.double.clear_faults();
    // It lists and watches a namespace that holds no right for it any more.
    let operator = Running::ready(&world.plane, &world.pod());
    world.plane.run(&["wait", "--for=delete", "namespace/team-a", GOES_WITHIN]).unwrap();
    assert_eq!((world.double.accepted(), running(&world)), (JOBS.len(), 0));
    operator.stop();
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn an_operator_of_some_namespaces_tells_in_its_own_who_leads() {
    let (world, operator) = world();
    let events =
        ["get", "events", "--namespace", NAMESPACE, "--field-selector=reason=Leading", "--output=name"];
    let begun = Instant::now();
    while world.plane.run(&events).unwrap().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(20), "no Event says who leads:\n{}", operator.log());
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(!operator.log().contains("cannot write Events"), "{}", operator.log());
    operator.stop();
}
