//! Objects by the hundred: many writers at once, as a burst comes.

use futures::{StreamExt, TryStreamExt, stream};
use kube::Api;
use kube::api::{ApiResource, DynamicObject, GroupVersionKind, ListParams, PostParams};
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
    fn resource(self) -> ApiResource {
        let kind = match self {
            Self::ConfigMap => GroupVersionKind::gvk("", "v1", "ConfigMap"),
            Self::BatchJob => GroupVersionKind::gvk("awsbatch.dev", "v1alpha1", "BatchJob"),
        };
        ApiResource::from_gvk(&kind)
    }

    fn body(self) -> Value {
        match self {
            Self::ConfigMap => json!({ "data": { "jobQueue": "q", "jobDefinition": ENDLESS } }),
            Self::BatchJob => json!({ "spec": {
                "jobQueue": "q",
                "jobDefinition": ENDLESS,
                "parameters": { "input": "s3://bucket/input", "output": "s3://bucket/output" },
                "containerOverrides": {
                    "command": ["process", "--fast"],
                    "environment": [{ "name": "STAGE", "value": "bench" }],
                },
            }}),
        }
    }
}

/// Creates so many objects.
pub fn create(stage: &Stage, namespace: &str, kind: Kind, number: usize) -> Result<(), Failure> {
    let (api, resource) = (api(stage, namespace, kind), kind.resource());
    let create = |index: usize| {
        let object = DynamicObject::new(&format!("object-{index}"), &resource).data(kind.body());
        let api = api.clone();
        async move { api.create(&PostParams::default(), &object).await.map(drop) }
    };
    let all = stream::iter((0..number).map(create)).buffer_unordered(WRITERS).try_collect::<Vec<()>>();
    stage.runtime.block_on(all)?;
    Ok(())
}

/// Whether a BatchJob is in this phase. The API server answers from its index, without a look at all objects.
pub fn is_any_in(stage: &Stage, namespace: &str, phase: &str) -> Result<bool, Failure> {
    let selected = ListParams::default().fields(&format!("status.phase={phase}")).limit(1);
    let list = api(stage, namespace, Kind::BatchJob);
    Ok(!stage.runtime.block_on(list.list_metadata(&selected))?.items.is_empty())
}

fn api(stage: &Stage, namespace: &str, kind: Kind) -> Api<DynamicObject> {
    Api::namespaced_with(stage.client.clone(), namespace, &kind.resource())
}
