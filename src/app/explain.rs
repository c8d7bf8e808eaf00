//! Explains the state of a BatchJob from its manifest alone: the output of `aws-batch-operator explain`. Pure.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use kube::ResourceExt;
use serde_json::Value;

use crate::api::{BatchJob, JobTarget};
use crate::app::config::Config;
use crate::moment::Reading;
use crate::plan::{Known, Situation, Surroundings, Turn, plan};
use crate::view::Answer;

/// The planner's answers about the BatchJobs of a manifest, for a person. Each answer is that of a process that has
/// seen the object since its creation and has read nothing from AWS yet. `Err`: why the text holds no BatchJob.
pub fn explain(manifest: &str, config: &Config, now: Reading) -> Result<String, String> {
    let way_out = "give it the output of `kubectl get batchjob -o yaml`";
    let documents: Vec<Value> = serde_saphyr::from_multiple(manifest)
        .map_err(|error| format!("stdin is no YAML ({error}): {way_out}"))?;
    let objects: Vec<&Value> = documents.iter().flat_map(items).collect();
    if objects.is_empty() {
        return Err(format!("stdin holds no BatchJob: {way_out}"));
    }
    let answers: Result<Vec<_>, _> = objects.into_iter().map(|object| one(object, config, now)).collect();
    Ok(answers?.join("\n\n"))
}

/// The objects of a list, or the object itself.
fn items(document: &Value) -> Vec<&Value> {
    let items = document.get("items").and_then(Value::as_array);
    items.map_or_else(|| vec![document], |items| items.iter().collect())
}

fn one(object: &Value, config: &Config, now: Reading) -> Result<String, String> {
    let name = object["metadata"]["name"].as_str().unwrap_or("without a name");
    if object["kind"] != "BatchJob" {
        return Err(format!("kind: {} ({name}) is no BatchJob", object["kind"]));
    }
    let object: BatchJob =
        serde_json::from_value(object.clone()).map_err(|error| format!("BatchJob {name}: {error}"))?;
    Ok(explained(&object, config, now))
}

fn explained(object: &BatchJob, config: &Config, now: Reading) -> String {
    let here = place(object);
    let cluster_id = config.cluster_id.clone().unwrap_or_default();
    let settings = config.planner(cluster_id, here.region.clone());
    let age = object.creation_timestamp().map_or(SignedDuration::ZERO, |at| now.wall.duration_since(at.0));
    let mut known = Known::new(now + -age);
    known.observed(object, now);
    let around = Surroundings {
        sighting: None,
        unread: None,
        queue: None,
        turn: Turn::None,
        parents: BTreeMap::new(),
        owner: None,
    };
    let plan = plan(&Situation::new((object, known), around, (&settings, &here), now));
    let namespace = object.namespace().unwrap_or_else(|| "default".to_owned());
    format!("BatchJob {namespace}/{}\n{}", object.name_any(), Answer::new(&plan, object.status.as_ref()))
}

/// The target of the object's job. Only the running operator knows whether it works there too.
fn place(object: &BatchJob) -> JobTarget {
    let recorded = object.status.as_ref().and_then(|status| status.target.clone());
    recorded.unwrap_or(JobTarget { account_id: None, region: String::new() })
}
