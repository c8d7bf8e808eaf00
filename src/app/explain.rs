//! Explains the state of a BatchJob from its manifest alone: the output of `aws-batch-operator explain`. Pure.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use kube::ResourceExt;
use serde_json::Value;

use crate::api::condition::Reason;
use crate::api::{BatchJob, JobTarget};
use crate::app::config::Config;
use crate::moment::Reading;
use crate::plan::{Claimed, Known, Parent, Situation, Surroundings, Turn, claimed, names, plan};
use crate::view::{Answer, Why};

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
    let answer = answer(object, config, now);
    let namespace = object.namespace().unwrap_or_else(|| "default".to_owned());
    format!("BatchJob {namespace}/{}\n{answer}", object.name_any())
}

/// Cause, evidence and way out for one object, as an operator without flags judges.
pub fn why(object: &BatchJob, now: Reading) -> Result<Why, String> {
    Ok(Why::new(object, &answer(object, &Config::usual()?, now)))
}

fn answer(object: &BatchJob, config: &Config, now: Reading) -> Answer {
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
        parents: parents(object),
        owner: None,
    };
    let plan = plan(&Situation::new((object, known), around, (&settings, &here), now));
    Answer::new(&plan, object.status.as_ref())
}

/// The target of the object's job, or of its request. Only the running operator knows whether it works there too, and
/// its status tells where the operator does not work.
fn place(object: &BatchJob) -> JobTarget {
    let nowhere = JobTarget { account_id: None, region: String::new() };
    if gives(object, Reason::TargetMismatch) {
        return nowhere;
    }
    let recorded = object.status.as_ref().and_then(|status| status.target.clone());
    let claimed = || match claimed(object) {
        Claimed::Yes(claim) => claim.target,
        Claimed::No | Claimed::Unreadable => None,
    };
    recorded.or_else(claimed).unwrap_or(nowhere)
}

/// What the status says of those that the object waits for.
fn parents(object: &BatchJob) -> BTreeMap<String, Parent> {
    let waits = gives(object, Reason::WaitingForDependencies);
    names(object).filter(|_| waits).map(|name| (name.to_owned(), Parent::Waiting)).collect()
}

/// Whether a condition of the object gives this reason.
fn gives(object: &BatchJob, reason: Reason) -> bool {
    let conditions = object.status.as_ref().map(|status| status.conditions.as_slice()).unwrap_or_default();
    conditions.iter().any(|condition| condition.reason == reason.as_str())
}
