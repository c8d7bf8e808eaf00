//! Objects by the hundred: many writers at once, as a burst comes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::{Value, json};

use super::stage::{ENDLESS, Stage};
use crate::run::Failure;

/// So many writers at once.
const WRITERS: usize = 16;

/// What is created.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    ConfigMap,
    BatchJob,
}

/// Objects that are created together. Each is called by the group's name and a number.
#[derive(Clone, Copy, Debug)]
pub struct Group<'a> {
    /// Where they are. BatchJobs name a job queue of the same name: no run sees the jobs of another one.
    pub namespace: &'a str,
    /// The group's name, which is the label `group` too.
    pub name: &'a str,
    /// What they are.
    pub kind: Kind,
}

impl Group<'_> {
    fn path(&self) -> String {
        match self.kind {
            Kind::ConfigMap => format!("/api/v1/namespaces/{}/configmaps", self.namespace),
            Kind::BatchJob => batch_jobs(self.namespace),
        }
    }

    fn object(&self, index: usize) -> Value {
        let name = format!("{}-{index}", self.name);
        let metadata = json!({ "name": name, "labels": { "group": self.name } });
        match self.kind {
            Kind::ConfigMap => json!({
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": metadata,
                "data": { "jobQueue": self.namespace, "jobDefinition": ENDLESS },
            }),
            Kind::BatchJob => json!({
                "apiVersion": "awsbatch.dev/v1alpha1",
                "kind": "BatchJob",
                "metadata": metadata,
                "spec": {
                    "jobQueue": self.namespace,
                    "jobDefinition": ENDLESS,
                    "parameters": { "input": "s3://bucket/input", "output": "s3://bucket/output" },
                    "containerOverrides": {
                        "command": ["process", "--fast"],
                        "environment": [{ "name": "STAGE", "value": "bench" }],
                    },
                },
            }),
        }
    }
}

/// Where the BatchJobs of a namespace are.
pub fn batch_jobs(namespace: &str) -> String {
    format!("/apis/awsbatch.dev/v1alpha1/namespaces/{namespace}/batchjobs")
}

/// Creates so many objects.
pub fn create(stage: &Stage, group: &Group<'_>, number: usize) -> Result<(), Failure> {
    let path = group.path();
    all_at_once(number, |index| stage.proxy.post(&path, &group.object(index)))
}

/// Deletes so many objects, each by its name.
pub fn delete(stage: &Stage, group: &Group<'_>, number: usize) -> Result<(), Failure> {
    let path = group.path();
    all_at_once(number, |index| stage.proxy.delete(&format!("{path}/{}-{index}", group.name)))
}

/// Does it for each number below `number`, with all writers.
pub fn all_at_once(
    number: usize,
    write: impl Fn(usize) -> Result<Value, Failure> + Sync,
) -> Result<(), Failure> {
    let next = AtomicUsize::new(0);
    let write = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= number {
                return Ok(());
            }
            write(index).map_err(|error| error.to_string())?;
        }
    };
    let answers: Vec<Result<(), String>> = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(write)).collect();
        let ended = |writer: thread::ScopedJoinHandle<'_, _>| {
            writer.join().unwrap_or_else(|_| Err("a writer has panicked".to_owned()))
        };
        writers.into_iter().map(ended).collect()
    });
    answers.into_iter().collect::<Result<(), String>>().map_err(Into::into)
}

/// The selector of BatchJobs in a phase.
pub fn in_phase(phase: &str) -> String {
    format!("fieldSelector=status.phase%3D{phase}")
}

/// The selector of BatchJobs of a group.
pub fn in_group(group: &str) -> String {
    format!("labelSelector=group%3D{group}")
}

/// Whether there is a BatchJob that is selected so. The API server answers with one object at most.
pub fn is_any(stage: &Stage, namespace: &str, selector: &str) -> Result<bool, Failure> {
    let list = stage.proxy.get(&format!("{}?limit=1&{selector}", batch_jobs(namespace)))?;
    Ok(list["items"].as_array().is_none_or(|items| !items.is_empty()))
}
