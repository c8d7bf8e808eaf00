//! A control plane, an AWS Batch, and a Helm that installs the chart for them.

use std::process::{Command, Stdio};

use batch_double::{Config, Double};
use controlplane::{ControlPlane, Options};
use serde_json::{Value, json};

use crate::helm::{helm, one, parse};
use crate::pod::{self, NAMESPACE};

/// They.
pub struct World {
    pub major: u8,
    pub plane: ControlPlane,
    pub double: Double,
}

impl World {
    /// One for the Helm of that major version.
    pub fn new(major: u8) -> Self {
        let plane = ControlPlane::start(Options::default()).unwrap();
        Self { major, plane, double: Double::start(&Config::default()).unwrap() }
    }

    /// What Helm says.
    pub fn helm(&self, arguments: &[&str]) -> String {
        let mut command: Command = helm(self.major, arguments);
        command.args(["--namespace", NAMESPACE, "--kubeconfig"]).arg(self.plane.kubeconfig());
        let output = command.output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "helm {} {arguments:?}: {error}", self.major);
        String::from_utf8(output.stdout).unwrap()
    }

    /// Installs the chart for the double, and returns what Helm says.
    pub fn install(&self, more: &[&str]) -> String {
        let endpoint = format!("aws.endpointUrl={}", self.double.url());
        let install = ["install", "abo", "charts/aws-batch-operator", "--create-namespace"];
        let values = ["--set", "aws.region=us-east-1", "--set", &endpoint];
        self.helm(&[&install[..], &values, more].concat())
    }

    /// The pod of the Deployment as it is in the cluster.
    pub fn pod(&self) -> Value {
        let get = ["get", "deployment", "abo-aws-batch-operator", "--namespace", NAMESPACE, "--output=json"];
        let deployment: Value = serde_json::from_str(&self.plane.run(&get).unwrap()).unwrap();
        deployment["spec"]["template"].clone()
    }

    /// The pod that `helm test` runs.
    pub fn check(&self) -> Value {
        one(&parse(&self.helm(&["get", "hooks", "abo"])), "Pod").clone()
    }

    /// Whether `helm test` passes, and what its pod said.
    pub fn test(&self) -> (bool, String) {
        let mut command: Command =
            helm(self.major, &["test", "abo", "--timeout=60s", "--namespace", NAMESPACE]);
        command.arg("--kubeconfig").arg(self.plane.kubeconfig()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut helm = command.spawn().unwrap();
        let output = pod::play(&self.plane, "abo-aws-batch-operator-check");
        let passes = helm.wait().unwrap().success();
        // Its log can still be read.
        self.plane.run(&["get", "pod", "abo-aws-batch-operator-check", "--namespace", NAMESPACE]).unwrap();
        (passes, String::from_utf8(output.stdout).unwrap())
    }

    /// Creates a BatchJob of a definition of its own name.
    pub fn create(&self, name: &str) {
        let object = json!({ "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
            "metadata": { "name": name }, "spec": { "jobQueue": "q", "jobDefinition": name } });
        let file = self.plane.dir().join("job.json");
        std::fs::write(&file, object.to_string()).unwrap();
        self.plane.run(&["create", "--filename", &file.display().to_string()]).unwrap();
    }

    /// Waits until it is in that phase.
    pub fn wait(&self, name: &str, phase: &str) {
        let condition = format!("--for=jsonpath={{.status.phase}}={phase}");
        self.plane.run(&["wait", &condition, &format!("bj/{name}"), "--timeout=40s"]).unwrap();
    }

    /// Waits until BatchJobs are served.
    pub fn established(&self) {
        let crd = "crd/batchjobs.awsbatch.dev";
        self.plane.run(&["wait", "--for=condition=Established", crd, "--timeout=20s"]).unwrap();
    }
}
