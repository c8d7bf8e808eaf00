//! The CRD is upgraded with the release, while jobs run.

use std::fs;
use std::process::Command;

use batch_double::Behaviour;

use crate::helm::{HELMS, path};
use crate::pod::Running;
use crate::world::{CHART, World};

/// The chart as before a member was there: its CRD has another in its place.
fn older(world: &World) -> String {
    let folder = world.plane.dir().join("older");
    assert!(Command::new("cp").arg("-r").arg(path(CHART)).arg(&folder).status().unwrap().success());
    let crd = folder.join("templates/crd.yaml");
    let text = fs::read_to_string(&crd).unwrap();
    assert_eq!(text.matches("ttlSecondsAfterFinished:").count(), 1);
    fs::write(&crd, text.replace("ttlSecondsAfterFinished:", "memberOfBefore:")).unwrap();
    folder.display().to_string()
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn the_crd_is_upgraded_while_a_job_runs_and_the_job_is_followed() {
    for major in HELMS {
        let world = World::new(major);
        world.double.set_behaviour("long", Behaviour::forever());
        let older = older(&world);
        world.helm(&[&["install", "abo", &older], &world.values()[..]].concat());
        world.established();
        let operator = Running::ready(&world.plane, &world.pod());
        world.create("long");
        world.wait("long", "Running");
        let member = r#"{"spec":{"ttlSecondsAfterFinished":1}}"#;
        let patch = ["patch", "bj", "long", "--type=merge", "--patch", member];
        let set =
            || world.plane.run(&["get", "bj", "long", "--output=jsonpath={.spec.ttlSecondsAfterFinished}"]);
        world.plane.run(&patch).unwrap();
        assert_eq!(set().unwrap(), "", "the older CRD does not know it");
        operator.stop();
        world.helm(&["upgrade", "abo", CHART, "--reuse-values"]);
        let operator = Running::ready(&world.plane, &world.pod());
        world.plane.run(&patch).unwrap();
        assert_eq!(set().unwrap(), "1");
        world.wait("long", "Running");
        assert_eq!(world.double.accepted(), 1);
        operator.stop();
    }
}
