//! `helm upgrade --force` of a release that holds a BatchJob: it puts the manifest in place of the object, and takes the
//! operator's finalizer and claim with it.

use batch_double::Behaviour;

use crate::helm::HELMS;
use crate::pod::{NAMESPACE, Running};
use crate::world::World;

const CHART: &str = "examples/gitops/helm";

/// The flags that put in place, by the Helm of that major version.
fn force(major: u8) -> &'static [&'static str] {
    if major == 3 { &["--force"] } else { &["--force-replace", "--server-side=false"] }
}

/// A member of the release's one BatchJob.
fn member(world: &World, path: &str) -> String {
    let path = format!("--output=jsonpath={{.items[0]{path}}}");
    world.plane.run(&["get", "bj", "--namespace", NAMESPACE, &path]).unwrap()
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn a_forced_upgrade_runs_no_second_job_and_leaves_none_behind() {
    for major in HELMS {
        let world = World::new(major);
        world.double.set_behaviour("sleep20", Behaviour::forever());
        world.install(&[]);
        world.established();
        let operator = Running::ready(&world.plane, &world.pod());
        world.helm(&["install", "train", CHART]);
        let job = member(&world, ".metadata.name");
        world.wait_in(NAMESPACE, &job, "Running");
        assert!(member(&world, ".metadata.annotations").contains("awsbatch.dev/claim"));
        world.helm(&[&["upgrade", "train", CHART][..], force(major)].concat());
        let claimed = member(&world, ".metadata.annotations");
        assert!(!claimed.contains("awsbatch.dev/claim"), "Helm {major} does not put in place: {claimed}");
        let held = "--for=jsonpath={.metadata.finalizers[0]}=awsbatch.dev/job";
        let object = format!("bj/{job}");
        world.plane.run(&["wait", held, &object, "--namespace", NAMESPACE, "--timeout=20s"]).unwrap();
        world.helm(&["uninstall", "train", "--wait", "--timeout=60s"]);
        let ended: Vec<bool> = world.double.jobs().iter().map(|job| job.is_terminated).collect();
        assert_eq!(ended, [true], "Helm {major}");
        operator.stop();
    }
}
