//! kubectl for a thread of its own.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use controlplane::ControlPlane;
use serde_json::{Value, json};

use crate::run::Failure;

/// Talks to one API server as its administrator.
#[derive(Clone, Debug)]
pub struct Kubectl {
    program: PathBuf,
    arguments: Vec<OsString>,
}

impl Kubectl {
    /// For this control plane, as long as it lives.
    pub fn new(plane: &ControlPlane) -> Self {
        let command = plane.kubectl(&["--request-timeout=5s"]);
        Self {
            program: command.get_program().into(),
            arguments: command.get_args().map(Into::into).collect(),
        }
    }

    /// Creates the objects, those that can be.
    pub fn create(&self, objects: &Value) -> Result<(), Failure> {
        let list = json!({ "apiVersion": "v1", "kind": "List", "items": objects });
        self.run(&["create", "--validate=false", "-f", "-"], &list.to_string()).map(drop)
    }

    /// Puts these manifests in place of the objects that are there: whatever others have added is gone.
    pub fn replace(&self, objects: &Value) -> Result<(), Failure> {
        let list = json!({ "apiVersion": "v1", "kind": "List", "items": objects });
        self.run(&["replace", "--validate=false", "-f", "-"], &list.to_string()).map(drop)
    }

    /// Changes one object of the cluster by a JSON patch.
    pub fn patch(&self, object: &str, operations: &Value) -> Result<(), Failure> {
        self.run(&["patch", object, "--type=json", "--patch", &operations.to_string()], "").map(drop)
    }

    /// An object of the cluster.
    pub fn get(&self, object: &str) -> Result<Value, Failure> {
        Ok(serde_json::from_str(&self.run(&["get", object, "--output=json"], "")?)?)
    }

    /// Deletes objects without waiting for their end.
    pub fn delete(&self, namespace: &str, names: &[&str]) -> Result<(), Failure> {
        if names.is_empty() {
            return Ok(());
        }
        let fixed = ["delete", "batchjobs", "--ignore-not-found", "--wait=false", "--namespace", namespace];
        self.run(&[&fixed, names].concat(), "").map(drop)
    }

    /// Deletes every object of these namespaces, without waiting for its end.
    pub fn delete_all(&self, namespaces: &[&str]) -> Result<(), Failure> {
        for namespace in namespaces {
            self.run(&["delete", "batchjobs", "--all", "--wait=false", "--namespace", namespace], "")?;
        }
        Ok(())
    }

    /// All BatchJobs.
    pub fn objects(&self) -> Result<Vec<Value>, Failure> {
        let answer = self.run(&["get", "batchjobs", "--all-namespaces", "--output=json"], "")?;
        let list: Value = serde_json::from_str(&answer)?;
        Ok(list["items"].as_array().cloned().unwrap_or_default())
    }

    fn run(&self, arguments: &[&str], input: &str) -> Result<String, Failure> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout)?);
        }
        Err(format!("kubectl {}: {}", arguments[0], String::from_utf8_lossy(&output.stderr).trim()).into())
    }
}
