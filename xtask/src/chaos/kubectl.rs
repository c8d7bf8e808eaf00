//! kubectl for a thread of its own.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use controlplane::ControlPlane;
use serde_json::{Value, json};

use crate::run::Failure;

/// Who works with BatchJobs. The team may write all of an object, statuses too.
pub const TEAM: &str = "team";

/// What of an object a patch changes.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    Object,
    Status,
}

/// Talks to one API server as one person.
#[derive(Clone, Debug)]
pub struct Kubectl {
    program: PathBuf,
    arguments: Vec<OsString>,
}

impl Kubectl {
    /// Who may do everything. The control plane has to live as long.
    pub fn of_administrator(plane: &ControlPlane) -> Self {
        Self::of(plane, &[])
    }

    /// Who works with BatchJobs, and has no right to anything else.
    pub fn of_team(plane: &ControlPlane) -> Result<Self, Failure> {
        let kubeconfig = plane.kubeconfig_for(TEAM, &[])?;
        // kubectl takes the last of two.
        Ok(Self::of(plane, &["--kubeconfig", &kubeconfig.display().to_string()]))
    }

    fn of(plane: &ControlPlane, flags: &[&str]) -> Self {
        let command = plane.kubectl(&[&["--request-timeout=5s"], flags].concat());
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

    /// Puts these manifests in place of the objects that are there: whatever others have added is gone. Returns the
    /// number of objects that were replaced.
    pub fn replace(&self, objects: &Value) -> Result<usize, Failure> {
        let list = json!({ "apiVersion": "v1", "kind": "List", "items": objects });
        let output = self.output(&["replace", "--validate=false", "-f", "-"], &list.to_string())?;
        Ok(String::from_utf8(output.stdout)?.lines().filter(|line| line.ends_with(" replaced")).count())
    }

    /// Applies the objects of a file.
    pub fn apply(&self, file: &Path) -> Result<(), Failure> {
        self.run(&["apply", "--server-side", "--filename", &file.display().to_string()], "").map(drop)
    }

    /// Creates nothing; tells what the API server would say.
    pub fn would_create(&self, object: &Value) -> Result<(), Failure> {
        self.run(&["create", "--dry-run=server", "-f", "-"], &object.to_string()).map(drop)
    }

    /// Changes one object of a namespace by a merge patch, of itself or of its status.
    pub fn merge(&self, namespace: &str, name: &str, part: Part, change: &Value) -> Result<(), Failure> {
        let change = change.to_string();
        let fixed = ["patch", "batchjob", name, "--namespace", namespace, "--type=merge", "--patch", &change];
        let flags: &[&str] = match part {
            Part::Object => &[],
            Part::Status => &["--subresource=status"],
        };
        self.run(&[&fixed, flags].concat(), "").map(drop)
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
        let output = self.output(arguments, input)?;
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout)?);
        }
        Err(format!("kubectl {}: {}", arguments[0], String::from_utf8_lossy(&output.stderr).trim()).into())
    }

    fn output(&self, arguments: &[&str], input: &str) -> Result<Output, Failure> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        Ok(child.wait_with_output()?)
    }
}
