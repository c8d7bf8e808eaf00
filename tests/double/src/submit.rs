//! SubmitJob: finds what the request names, and accepts it. What a request may look like: see `check`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::behaviour::{Behaviour, scaled};
use crate::catalogue::{Definition, Queue};
use crate::check::check;
use crate::job::{Gate, Job, Marks, Shape};
use crate::retry::Retry;
use crate::world::World;

/// Accepts the job under the new id, or says why not.
pub fn submit(world: &mut World, request: &Value, id: &str, now: i64) -> Result<Value, String> {
    check(request)?;
    let (queue, policy) = queue(world, request)?;
    let (name, revision, definition) = definition(world, request)?;
    check_share(request, &policy, &definition)?;
    let depends_on = dependencies(world, request, now)?;
    let job = Job {
        id: id.to_owned(),
        home: world.catalogue.home.clone(),
        hides: world.hiding,
        created_at: now,
        request: request.clone(),
        tags: tags(request, &definition),
        shape: shape(request, &definition)?,
        containers: definition.containers.clone(),
        log_groups: definition.log_groups.clone(),
        log_region: definition.log_region.clone(),
        behaviour: behaviour(world, request, &name, definition),
        retry: Retry::of(request),
        timeout_ms: request["timeout"]["attemptDurationSeconds"].as_i64().map(|s| scaled(s, world.scale)),
        queue,
        definition: name,
        revision,
        depends_on,
        marks: Marks::default(),
        child_marks: BTreeMap::new(),
        gate: Gate::Closed,
        end: None,
        is_deleted: false,
    };
    world.insert(job);
    Ok(json!({ "jobId": id, "jobName": request["jobName"], "jobArn": world.catalogue.home.arn("job", id) }))
}

fn queue(world: &World, request: &Value) -> Result<(String, Queue), String> {
    let asked = request["jobQueue"].as_str().unwrap_or_default();
    let found = world.catalogue.queue(asked).ok_or_else(|| format!("JobQueue {asked} not found."))?;
    if found.1.enabled { Ok(found) } else { Err(format!("JobQueue {asked} is not in ENABLED state.")) }
}

fn definition(world: &World, request: &Value) -> Result<(String, u32, Definition), String> {
    let asked = request["jobDefinition"].as_str().unwrap_or_default();
    let missing = || format!("JobDefinition name {asked} does not exist or is not in ACTIVE status");
    world.catalogue.definition(asked).ok_or_else(missing)
}

/// A share identifier goes with a fair-share queue, and so does a priority.
fn check_share(request: &Value, queue: &Queue, definition: &Definition) -> Result<(), String> {
    let has_share = !request["shareIdentifier"].is_null();
    let has_priority =
        !request["schedulingPriorityOverride"].is_null() || definition.scheduling_priority.is_some();
    let wrong = match (queue.fair_share, has_share, has_priority) {
        (true, false, _) => "shareIdentifier must be specified.",
        (true, true, false) => {
            "Either schedulingPriority in job definition or schedulingPriorityOverride should be specified"
        }
        (false, true, _) => "shareIdentifier cannot be specified for a queue without a fair-share policy.",
        _ => return Ok(()),
    };
    Err(wrong.to_owned())
}

/// The jobs it waits for. `SEQUENTIAL` without a job id orders the children of an array among themselves, which this
/// double does not: they run side by side. `N_TO_N` waits for the whole of the other array.
fn dependencies(world: &World, request: &Value, now: i64) -> Result<Vec<usize>, String> {
    let ids = request["dependsOn"].as_array().into_iter().flatten();
    ids.filter_map(|dependency| dependency["jobId"].as_str())
        .map(|id| world.place(id, now).ok_or_else(|| format!("Job {id} does not exist")))
        .collect()
}

fn tags(request: &Value, definition: &Definition) -> BTreeMap<String, String> {
    let own: BTreeMap<_, _> = serde_json::from_value(request["tags"].clone()).unwrap_or_default();
    let mut tags = match request["propagateTags"].as_bool() {
        Some(true) => definition.tags.clone(),
        _ => BTreeMap::new(),
    };
    tags.extend(own);
    tags
}

fn shape(request: &Value, definition: &Definition) -> Result<Shape, String> {
    let number = |value: &Value| value.as_i64().and_then(|number| i32::try_from(number).ok());
    let is_multi_node = definition.nodes.is_some() || !request["nodeOverrides"].is_null();
    let nodes = number(&request["nodeOverrides"]["numNodes"]).or(definition.nodes);
    match (number(&request["arrayProperties"]["size"]), is_multi_node) {
        (None, false) => Ok(Shape::Single),
        (Some(size), false) => Ok(Shape::Array(size)),
        (None, true) => Ok(Shape::Nodes(nodes.unwrap_or(1))),
        (Some(_), true) => Err("A multi-node parallel job cannot be an array job".to_owned()),
    }
}

fn behaviour(world: &World, request: &Value, name: &str, definition: Definition) -> Behaviour {
    let by_job = request["jobName"].as_str().and_then(|job| world.by_name.get(job)).cloned();
    let set = by_job.or(definition.behaviour);
    set.unwrap_or_else(|| Behaviour::of_definition(name, world.scale))
}
