//! Why a BatchJob stands where it stands, from its manifest alone: what `aws-batch-operator explain` says. Pure.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use kube::ResourceExt;
use serde_json::Value;

use crate::api::{BatchJob, JobTarget};
use crate::app::config::Config;
use crate::moment::Reading;
use crate::plan::{Known, Plan, Settings, Situation, Step, Surroundings, Turn, plan};

/// The planner's answers about the BatchJobs of a manifest, for a person. Each is judged as by a process that has seen the
/// object since its creation, and has asked AWS nothing yet. `Err`: why the text holds no BatchJob.
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
    let settings = settings(config, &here);
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
    text(object, &plan)
}

/// Where the object's job is: only the running operator knows whether that is where it works.
fn place(object: &BatchJob) -> JobTarget {
    let recorded = object.status.as_ref().and_then(|status| status.target.clone());
    recorded.unwrap_or(JobTarget { account_id: None, region: String::new() })
}

fn settings(config: &Config, here: &JobTarget) -> Settings {
    Settings {
        holder: config.holder.clone(),
        cluster_id: config.cluster_id.clone().unwrap_or_default(),
        region: here.region.clone(),
        visibility_window: config.visibility_window,
        signature_life: config.signature_life,
        default_deletion_policy: config.default_deletion_policy,
        adoption: config.adoption,
    }
}

fn text(object: &BatchJob, plan: &Plan) -> String {
    let status = plan.status.as_ref().or(object.status.as_ref());
    let namespace = object.namespace().unwrap_or_else(|| "default".to_owned());
    let cause = plan.cause.map(|cause| format!("{cause:?}: {}", cause.sentence())).unwrap_or_default();
    let mut lines = vec![format!("BatchJob {namespace}/{}", object.name_any()), cause];
    for condition in status.iter().flat_map(|status| &status.conditions) {
        let (kind, value) = (&condition.type_, &condition.status);
        lines.push(format!("{kind}={value} ({}): {}", condition.reason, condition.message));
    }
    lines.extend(step(&plan.step).map(|step| format!("Next: {step}")));
    lines.extend(plan.wake.map(|wake| format!("Looked at again after {} s at the latest", wake.as_secs())));
    lines.join("\n")
}

fn step(step: &Step) -> Option<&'static str> {
    Some(match step {
        Step::Rest => return None,
        Step::TakeTurn => "take a place in the submission queue",
        Step::Submit(_) => "write the claim, then call SubmitJob once",
        Step::SearchByName(_) => "search for the job by its name and its tags",
        Step::Look(_) => "look at the job before it is cancelled",
        Step::ReadParts(_) => "read the failed children, or the main node",
        Step::AddFinalizer => "add the finalizer",
        Step::EndJobs { .. } => "ask AWS Batch to end the job",
        Step::RemoveFinalizer => "remove the finalizer",
        Step::Delete => "delete the BatchJob: its time to live is over",
    })
}
