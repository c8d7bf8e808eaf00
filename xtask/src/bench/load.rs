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

impl Kind {
    fn path(self, namespace: &str) -> String {
        match self {
            Self::ConfigMap => format!("/api/v1/namespaces/{namespace}/configmaps"),
            Self::BatchJob => format!("/apis/awsbatch.dev/v1alpha1/namespaces/{namespace}/batchjobs"),
        }
    }

    fn object(self, index: usize) -> Value {
        let metadata = json!({ "name": format!("object-{index}") });
        match self {
            Self::ConfigMap => json!({
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": metadata,
                "data": { "jobQueue": "q", "jobDefinition": ENDLESS },
            }),
            Self::BatchJob => json!({
                "apiVersion": "awsbatch.dev/v1alpha1",
                "kind": "BatchJob",
                "metadata": metadata,
                "spec": {
                    "jobQueue": "q",
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

/// Creates so many objects.
pub fn create(stage: &Stage, namespace: &str, kind: Kind, number: usize) -> Result<(), Failure> {
    let (path, next) = (kind.path(namespace), AtomicUsize::new(0));
    let write = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= number {
                return Ok(());
            }
            stage.proxy.post(&path, &kind.object(index)).map_err(|error| error.to_string())?;
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

/// Whether a BatchJob is in this phase. The API server answers with one object at most.
pub fn is_any_in(stage: &Stage, namespace: &str, phase: &str) -> Result<bool, Failure> {
    let path = Kind::BatchJob.path(namespace);
    let list = stage.proxy.get(&format!("{path}?limit=1&fieldSelector=status.phase%3D{phase}"))?;
    Ok(list["items"].as_array().is_none_or(|items| !items.is_empty()))
}
