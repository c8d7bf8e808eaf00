//! There is no kubelet: a container of a rendered pod runs as a process, with its arguments, its environment and its
//! ServiceAccount's rights.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use controlplane::{ControlPlane, free_port};
use serde_json::{Value, json};

/// The namespace of the installation.
pub const NAMESPACE: &str = "abo";

fn command(plane: &ControlPlane, pod: &Value) -> Command {
    let account = pod["spec"]["serviceAccountName"].as_str().unwrap();
    let user = format!("system:serviceaccount:{NAMESPACE}:{account}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_aws-batch-operator"));
    dress(&mut command, pod);
    command.env("KUBECONFIG", plane.kubeconfig_for(&user, &[]).unwrap());
    command
}

/// Gives the command the container's arguments and environment, and no other.
pub fn dress(command: &mut Command, pod: &Value) {
    let container = &pod["spec"]["containers"][0];
    command.env_clear().stdin(Stdio::null());
    command.args(container["args"].as_array().unwrap().iter().map(|argument| argument.as_str().unwrap()));
    for variable in container["env"].as_array().unwrap() {
        let value = match variable["valueFrom"]["fieldRef"]["fieldPath"].as_str() {
            Some("metadata.namespace") => NAMESPACE,
            Some("metadata.name") => "abo-pod",
            _ => variable["value"].as_str().unwrap(),
        };
        command.env(variable["name"].as_str().unwrap(), value);
    }
    // What IRSA or Pod Identity would bring.
    command.env("AWS_ACCESS_KEY_ID", "id").env("AWS_SECRET_ACCESS_KEY", "secret");
    command.env("AWS_EC2_METADATA_DISABLED", "true");
}

/// Runs the container to its end.
pub fn run(plane: &ControlPlane, pod: &Value) -> Output {
    command(plane, pod).output().unwrap()
}

/// Plays the kubelet for a pod that ends: waits until it is asked for, runs its container, and tells how it ended.
pub fn play(plane: &ControlPlane, name: &str) -> Output {
    let begun = Instant::now();
    let get = ["get", "pod", name, "--namespace", NAMESPACE, "--output=json", "--ignore-not-found"];
    let pod: Value = loop {
        let text = plane.run(&get).unwrap();
        let pod: Value = serde_json::from_str(&text).unwrap_or_default();
        if pod["status"]["phase"] == "Pending" && pod["metadata"]["deletionTimestamp"].is_null() {
            break pod;
        }
        assert!(begun.elapsed() < Duration::from_secs(40), "nobody asks for the pod {name}: {text}");
        std::thread::sleep(Duration::from_millis(50));
    };
    let output = run(plane, &pod);
    let phase = if output.status.success() { "Succeeded" } else { "Failed" };
    let status = json!({ "status": { "phase": phase } }).to_string();
    let patch = ["patch", "pod", name, "--namespace", NAMESPACE, "--subresource=status", "--patch", &status];
    plane.run(&patch).unwrap();
    output
}

/// A container that runs. Killed when dropped.
pub struct Running {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl Running {
    /// Starts it and waits until it is ready.
    pub fn ready(plane: &ControlPlane, pod: &Value) -> Self {
        Self::start(plane, command(plane, pod))
    }

    /// The same of a command.
    pub fn start(plane: &ControlPlane, mut command: Command) -> Self {
        let port = free_port();
        let log = plane.dir().join(format!("pod-{port}.log"));
        command.env("AWS_BATCH_OPERATOR_HTTP_ADDR", format!("127.0.0.1:{port}"));
        command.env("AWS_BATCH_OPERATOR_DEBUG_ADDR", "");
        let child = command.stdout(Stdio::null()).stderr(File::create(&log).unwrap()).spawn().unwrap();
        let running = Self { child, port, log };
        let begun = Instant::now();
        while !running.is_ready() {
            assert!(begun.elapsed() < Duration::from_secs(40), "not ready:\n{}", running.log());
            std::thread::sleep(Duration::from_millis(50));
        }
        running
    }

    fn is_ready(&self) -> bool {
        stand::get(self.port, "/readyz").is_some_and(|(status, _)| status == 200)
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Ends it as a kubelet does.
    pub fn stop(mut self) {
        let arguments = ["-TERM".to_owned(), self.child.id().to_string()];
        assert!(Command::new("kill").args(arguments).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
