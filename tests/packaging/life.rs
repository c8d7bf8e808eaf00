//! The way in and out, by both Helms, while jobs run: install, check, upgrade, roll back, uninstall, install again, and
//! the documented end (docs/operations.md). Nothing is run twice, nothing is lost, nothing stays wedged.

use std::time::{Duration, Instant};

use batch_double::Behaviour;

use crate::helm::HELMS;
use crate::pod::{NAMESPACE, Running};
use crate::world::World;

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn the_way_in_and_out_with_jobs_that_run() {
    for major in HELMS {
        let world = World::new(major);
        world.double.set_behaviour("long", Behaviour::forever());
        let said = world.install(&[]);
        assert!(said.contains("helm test abo") && said.contains("sets no AWS credentials"), "{said}");
        assert!(said.contains("Grant it as you would grant batch:SubmitJob"), "{said}");
        world.established();
        let (passes, said) = world.test();
        assert!(passes && said.contains("ok      batch:ListJobs"), "{said}");
        let operator = Running::ready(&world.plane, &world.pod());
        world.create("quick");
        world.create("long");
        world.wait("quick", "Succeeded");
        world.wait("long", "Running");
        operator.stop();
        upgrade_and_roll_back(&world);
        out_and_in_again(&world);
        the_documented_end(&world);
    }
}

fn upgrade_and_roll_back(world: &World) {
    let filter = ["--reuse-values", "--set", "log.filter=debug"];
    world.helm(&[&["upgrade", "abo", "charts/aws-batch-operator"], &filter[..]].concat());
    assert!(world.pod().to_string().contains(r#""debug""#));
    let operator = Running::ready(&world.plane, &world.pod());
    world.create("after-upgrade");
    world.wait("after-upgrade", "Succeeded");
    operator.stop();
    world.helm(&["rollback", "abo", "1"]);
    assert!(!world.pod().to_string().contains(r#""debug""#));
    let operator = Running::ready(&world.plane, &world.pod());
    world.create("after-rollback");
    world.wait("after-rollback", "Succeeded");
    world.wait("long", "Running");
    operator.stop();
    assert_eq!(world.double.accepted(), 4, "each once");
}

/// Uninstalling with a running job and finished ones: objects and job stay; a finished object can be deleted without
/// an operator; the next installation follows on.
fn out_and_in_again(world: &World) {
    world.helm(&["uninstall", "abo"]);
    world.plane.run(&["get", "bj", "quick", "long", "after-upgrade"]).unwrap();
    world.plane.run(&["delete", "bj", "quick", "--timeout=10s"]).unwrap();
    assert!(world.double.jobs().iter().any(|job| job.status == "RUNNING"), "the job goes on");
    world.install(&[]);
    world.established();
    let operator = Running::ready(&world.plane, &world.pod());
    world.create("after-all");
    world.wait("after-all", "Succeeded");
    world.wait("long", "Running");
    operator.stop();
    assert_eq!(world.double.accepted(), 5, "each once");
}

fn the_documented_end(world: &World) {
    let operator = Running::ready(&world.plane, &world.pod());
    world.plane.run(&["delete", "bj", "--all", "--all-namespaces", "--timeout=40s"]).unwrap();
    let begun = Instant::now();
    while world.double.jobs().iter().any(|job| !["SUCCEEDED", "FAILED"].contains(&job.status.as_str())) {
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", world.double.jobs());
        std::thread::sleep(Duration::from_millis(100));
    }
    operator.stop();
    world.helm(&["uninstall", "abo"]);
    world.plane.run(&["delete", "crd", "batchjobs.awsbatch.dev", "--timeout=20s"]).unwrap();
    world.plane.run(&["delete", "namespace", NAMESPACE, "--timeout=40s"]).unwrap();
    let left = world.plane.run(&["get", "clusterrole,clusterrolebinding", "--output=name"]).unwrap();
    assert!(!left.contains("batch-operator"), "{left}");
}
