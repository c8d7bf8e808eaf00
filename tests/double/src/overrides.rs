//! What the override members of a SubmitJob request may look like, for containers, nodes, pods and tasks.

use serde_json::Value;

use crate::bounds::between;

/// Whether the overrides could hold, whatever definition they are for.
pub fn check(request: &Value) -> Result<(), String> {
    container(&request["containerOverrides"])?;
    tasks(&request["ecsPropertiesOverride"])?;
    pods(&request["eksPropertiesOverride"])?;
    let nodes = &request["nodeOverrides"];
    between(&nodes["numNodes"], (1, i32::MAX.into()), "nodeOverrides.numNodes")?;
    for range in list(&nodes["nodePropertyOverrides"]) {
        if !range["targetNodes"].as_str().is_some_and(is_range) {
            return Err("nodePropertyOverrides.targetNodes must be a range such as 0:3".to_owned());
        }
        container(&range["containerOverrides"])?;
        tasks(&range["ecsPropertiesOverride"])?;
        pods(&range["eksPropertiesOverride"])?;
    }
    Ok(())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn container(overrides: &Value) -> Result<(), String> {
    environment(&overrides["environment"])?;
    if list(&overrides["command"]).any(|word| word.as_str() == Some("")) {
        return Err("Command can't contain an empty string".to_owned());
    }
    list(&overrides["resourceRequirements"]).try_for_each(requirement)
}

fn environment(pairs: &Value) -> Result<(), String> {
    let mut names = list(pairs).filter_map(|pair| pair["name"].as_str());
    if names.any(|name| name.starts_with("AWS_BATCH")) {
        return Err("Environment variables cannot start with AWS_BATCH".to_owned());
    }
    Ok(())
}

fn requirement(requirement: &Value) -> Result<(), String> {
    let value = requirement["value"].as_str().unwrap_or_default();
    let whole = value.parse::<u32>().ok();
    let is_good = match requirement["type"].as_str() {
        Some("GPU") => whole.is_some_and(|number| number > 0),
        Some("MEMORY") => whole.is_some_and(|number| number >= 4),
        Some("VCPU") => whole.is_some_and(|number| number > 0) || matches!(value, "0.25" | "0.5"),
        _ => return Err("resourceRequirements.type must be GPU, MEMORY or VCPU".to_owned()),
    };
    if is_good { Ok(()) } else { Err(format!("resourceRequirements.value {value} is not valid")) }
}

/// `0`, `0:3`, `:3`, `0:` or `:`.
fn is_range(range: &str) -> bool {
    let is_number = |end: &str| end.parse::<u32>().is_ok();
    let is_end = |end: &str| end.is_empty() || is_number(end);
    range.split_once(':').map_or_else(|| is_number(range), |(from, to)| is_end(from) && is_end(to))
}

fn tasks(overrides: &Value) -> Result<(), String> {
    if list(&overrides["taskProperties"]).count() > 1 {
        return Err("taskProperties is limited to one element".to_owned());
    }
    let mut tasks = list(&overrides["taskProperties"]);
    tasks.try_for_each(|task| list(&task["containers"]).try_for_each(container))
}

fn pods(overrides: &Value) -> Result<(), String> {
    let pod = &overrides["podProperties"];
    for container in list(&pod["containers"]).chain(list(&pod["initContainers"])) {
        environment(&container["env"])?;
    }
    match pod["metadata"]["namespace"].as_str() {
        Some(namespace) if !is_namespace(namespace) => Err(format!("namespace {namespace} is not valid")),
        _ => Ok(()),
    }
}

fn is_namespace(namespace: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_edge = |c: char| is_inner(c) && c != '-';
    (1..=63).contains(&namespace.len())
        && namespace != "default"
        && !namespace.starts_with("kube")
        && namespace.chars().all(is_inner)
        && namespace.starts_with(is_edge)
        && namespace.ends_with(is_edge)
}
