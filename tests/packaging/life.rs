//! The way in and out, by both Helms, while jobs run: install, check, upgrade, roll back, uninstall, install again, and
//! the documented end (docs/operations.md). Nothing is run twice, nothing is lost, nothing stays wedged.

use std::process::Command;
use std::time::{Duration, Instant};

use batch_double::{Behaviour, Config, Double};
use controlplane::{ControlPlane, Options};
use serde_json::{Value, json};

use crate::helm::{HELMS, helm, one, parse};
use crate::pod::{self, NAMESPACE, Running};

struct World {
    major: u8,
    plane: ControlPlane,
    double: Double,
}

impl World {
    fn helm(&self, arguments: &[&str]) -> String {
        let mut command: Command = helm(self.major, arguments);
        command.args(["--namespace", NAMESPACE, "--kubeconfig"]).arg(self.plane.kubeconfig());
        let output = command.output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "helm {} {arguments:?}: {error}", self.major);
        String::from_utf8(output.stdout).unwrap()
    }

    fn install(&self) -> String {
        let endpoint = format!("aws.endpointUrl={}", self.double.url());
        let install = ["install", "abo", "charts/aws-batch-operator", "--create-namespace"];
        self.helm(&[&install[..], &["--set", "aws.region=us-east-1", "--set", &endpoint]].concat())
    }

    /// The pod of the Deployment as it is in the cluster.
    fn pod(&self) -> Value {
        let get = ["get", "deployment", "abo-aws-batch-operator", "--namespace", NAMESPACE, "--output=json"];
        let deployment: Value = serde_json::from_str(&self.plane.run(&get).unwrap()).unwrap();
        deployment["spec"]["template"].clone()
    }

    /// The pod that `helm test` runs.
    fn check(&self) -> Value {
        one(&parse(&self.helm(&["get", "hooks", "abo"])), "Pod").clone()
    }

    fn create(&self, name: &str) {
        let object = json!({ "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
            "metadata": { "name": name }, "spec": { "jobQueue": "q", "jobDefinition": name } });
        let file = self.plane.dir().join("job.json");
        std::fs::write(&file, object.to_string()).unwrap();
        self.plane.run(&["create", "--filename", &file.display().to_string()]).unwrap();
    }

    fn wait(&self, name: &str, phase: &str) {
        let condition = format!("--for=jsonpath={{.status.phase}}={phase}");
        self.plane.run(&["wait", &condition, &format!("bj/{name}"), "--timeout=40s"]).unwrap();
    }

    fn established(&self) {
        let crd = "crd/batchjobs.awsbatch.dev";
        self.plane.run(&["wait", "--for=condition=Established", crd, "--timeout=20s"]).unwrap();
    }
}

#[test]
#[ignore = "needs Helm and a control plane: cargo xtask packaging"]
fn the_way_in_and_out_with_jobs_that_run() {
    for major in HELMS {
        let plane = ControlPlane::start(Options::default()).unwrap();
        let world = World { major, plane, double: Double::start(&Config::default()).unwrap() };
        world.double.set_behaviour("long", Behaviour::forever());
        let said = world.install();
        assert!(said.contains("helm test abo") && said.contains("sets no AWS credentials"), "{said}");
        world.established();
        let checked = pod::run(&world.plane, &world.check());
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
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
    world.install();
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
