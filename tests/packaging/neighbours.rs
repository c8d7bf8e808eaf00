//! Several installations: a CRD that outlived its release, two releases in one cluster, and two clusters of one account
//! with a job that moves from one to the other.

use std::rc::Rc;

use batch_double::Behaviour;
use serde_json::json;

use crate::helm::HELMS;
use crate::pod::Running;
use crate::world::{CHART, World};

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn a_crd_that_was_kept_goes_to_a_release_of_another_name_only_when_told() {
    for major in HELMS {
        let world = World::new(major);
        world.install(&[]);
        world.helm(&["uninstall", "abo"]);
        let install = [&["install", "other", CHART], &world.values()[..]].concat();
        let refused = world.try_helm(&install).unwrap_err();
        assert!(refused.contains("batchjobs.awsbatch.dev") && refused.contains("ownership"), "{refused}");
        world.helm(&[&install[..], &["--take-ownership"]].concat());
    }
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn two_releases_run_the_jobs_of_their_own_namespaces() {
    let world = World::new(4);
    for team in ["team-a", "team-b"] {
        world.plane.run(&["create", "namespace", team]).unwrap();
    }
    world.install(&["--set", "watchNamespaces={team-a}"]);
    world.established();
    let second = ["--set", "watchNamespaces={team-b},crds.install=false"];
    world.helm(&[&["install", "two", CHART], &world.values()[..], &second].concat());
    let operators = ["abo", "two"].map(|release| Running::ready(&world.plane, &world.pod_of(release)));
    for team in ["team-a", "team-b"] {
        world.create_in(team, "same", &json!({}));
    }
    for team in ["team-a", "team-b"] {
        world.wait_in(team, "same", "Succeeded");
    }
    assert_eq!(world.double.accepted(), 2, "each once");
    operators.into_iter().for_each(Running::stop);
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn a_job_that_runs_moves_to_another_cluster() {
    let old = World::new(4);
    let new = World::beside(4, Rc::clone(&old.double));
    old.double.set_behaviour("long", Behaviour::forever());
    let operators = [&old, &new].map(|world| {
        world.install(&[]);
        world.established();
        Running::ready(&world.plane, &world.pod())
    });
    old.create("long");
    old.wait("long", "Running");
    // Another job of the same name, in the new cluster, is nobody else's.
    new.create("quick");
    old.create("quick");
    new.wait("quick", "Succeeded");
    old.wait("quick", "Succeeded");
    let id = old.plane.run(&["get", "bj", "long", "--output=jsonpath={.status.jobId}"]).unwrap();
    old.plane
        .run(&["patch", "bj", "long", "--type=merge", "-p", r#"{"spec":{"deletionPolicy":"Retain"}}"#])
        .unwrap();
    old.plane.run(&["delete", "bj", "long", "--timeout=40s"]).unwrap();
    // Whoever owns the job in AWS lets the object of the new cluster have it.
    let uid = "--output=jsonpath={.metadata.uid}";
    let cluster = new.plane.run(&["get", "namespace", "kube-system", uid]).unwrap();
    let grant = format!("{}/default/long", cluster.trim());
    new.double.tag_job(id.trim(), "awsbatch.dev/adoptable-by", &grant);
    new.create_in("default", "long", &json!({ "awsbatch.dev/adopt": id.trim() }));
    new.wait("long", "Running");
    let followed = new.plane.run(&["get", "bj", "long", "--output=jsonpath={.status.jobId}"]).unwrap();
    assert_eq!(followed, id);
    assert_eq!(new.double.accepted(), 3, "nothing was submitted again");
    operators.into_iter().for_each(Running::stop);
}
