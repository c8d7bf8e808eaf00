//! A control plane, an AWS Batch, and a Helm that installs the chart for them.

use std::process::{Command, Stdio};
use std::rc::Rc;

use batch_double::{Config, Double};
use controlplane::{ControlPlane, Options};
use serde_json::{Value, json};
use stand::wait_until_served;

use crate::helm::{helm, one, parse};
use crate::pod::{self, NAMESPACE};

/// From the root.
pub const CHART: &str = "charts/aws-batch-operator";

/// They.
pub struct World {
    pub major: u8,
    pub plane: ControlPlane,
    pub double: Rc<Double>,
}

impl World {
    /// One for the Helm of that major version.
    pub fn new(major: u8) -> Self {
        Self::beside(major, Rc::new(Double::start(&Config::default()).unwrap()))
    }

    /// Another cluster of the same AWS account.
    pub fn beside(major: u8, double: Rc<Double>) -> Self {
        Self { major, plane: ControlPlane::start(Options::default()).unwrap(), double }
    }

    /// What Helm says.
    pub fn helm(&self, arguments: &[&str]) -> String {
        self.try_helm(arguments).unwrap_or_else(|error| panic!("helm {} {arguments:?}: {error}", self.major))
    }

    /// What Helm says, or why it does not do it.
    pub fn try_helm(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command: Command = helm(self.major, arguments);
        command.args(["--namespace", NAMESPACE, "--kubeconfig"]).arg(self.plane.kubeconfig());
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }

    /// Installs the chart for the double, and returns what Helm says.
    pub fn install(&self, more: &[&str]) -> String {
        self.helm(&[&["install", "abo", CHART], &self.values()[..], more].concat())
    }

    /// The values for the double.
    pub fn values(&self) -> Vec<&'static str> {
        let endpoint = format!("aws.endpointUrl={}", self.double.url());
        vec!["--create-namespace", "--set", "aws.region=us-east-1", "--set", endpoint.leak()]
    }

    /// The pod of the Deployment as it is in the cluster.
    pub fn pod(&self) -> Value {
        self.pod_of("abo")
    }

    /// That of the release of this name.
    pub fn pod_of(&self, release: &str) -> Value {
        let name = format!("{release}-aws-batch-operator");
        let get = ["get", "deployment", &name, "--namespace", NAMESPACE, "--output=json"];
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
        self.create_in("default", name, &json!({}));
    }

    /// The same with annotations.
    pub fn create_in(&self, namespace: &str, name: &str, annotations: &Value) {
        let object = json!({ "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
            "metadata": { "name": name, "namespace": namespace, "annotations": annotations },
            "spec": { "jobQueue": "q", "jobDefinition": name } });
        let file = self.plane.dir().join("job.json");
        std::fs::write(&file, object.to_string()).unwrap();
        self.plane.run(&["create", "--filename", &file.display().to_string()]).unwrap();
    }

    /// Waits until it is in that phase.
    pub fn wait(&self, name: &str, phase: &str) {
        self.wait_in("default", name, phase);
    }

    /// The same in another namespace.
    pub fn wait_in(&self, namespace: &str, name: &str, phase: &str) {
        let condition = format!("--for=jsonpath={{.status.phase}}={phase}");
        let job = format!("bj/{name}");
        self.plane.run(&["wait", &condition, &job, "--namespace", namespace, "--timeout=40s"]).unwrap();
    }

    /// Waits until BatchJobs are served.
    pub fn established(&self) {
        wait_until_served(|arguments| self.plane.run(arguments)).unwrap();
    }
}
