//! What a SubmitJob request may look like, as AWS documents it. Knows nothing of what exists; overrides: `overrides`.

use serde_json::Value;

use crate::bounds::between;
use crate::overrides;

/// AWS's limits.
pub mod limits {
    /// Bytes of a request's body.
    pub const BODY: usize = 30 * 1024;
    /// Tags of a job.
    pub const TAGS: usize = 50;
    /// Jobs that one waits for.
    pub const DEPENDENCIES: usize = 20;
    /// Conditions of `evaluateOnExit`.
    pub const CONDITIONS: usize = 5;
}

/// Whether the request could be a job, whatever it names.
pub fn check(request: &Value) -> Result<(), String> {
    let name = text(request, "jobName")?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if name.len() > 128 || !begins_well || !name.chars().all(is_plain) {
        return Err("Job name should match valid pattern".to_owned());
    }
    text(request, "jobQueue")?;
    text(request, "jobDefinition")?;
    let size = &request["arrayProperties"]["size"];
    between(size, (2, 10_000), "arrayProperties.size")?;
    between(&request["schedulingPriorityOverride"], (0, 9_999), "schedulingPriorityOverride")?;
    let timeout = &request["timeout"]["attemptDurationSeconds"];
    between(timeout, (60, i32::MAX.into()), "timeout.attemptDurationSeconds")?;
    check_share(&request["shareIdentifier"])?;
    check_retry(&request["retryStrategy"])?;
    check_dependencies(&request["dependsOn"], !size.is_null())?;
    check_tags(&request["tags"])?;
    if pairs(&request["parameters"]).any(|(_, value)| !value.is_string()) {
        return Err("parameters must be strings".to_owned());
    }
    overrides::check(request)
}

fn text<'a>(request: &'a Value, member: &str) -> Result<&'a str, String> {
    let text = request[member].as_str().filter(|text| !text.is_empty());
    text.ok_or_else(|| format!("{member} is required"))
}

fn pairs(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn check_share(share: &Value) -> Result<(), String> {
    match share.as_str() {
        Some(share) if share.is_empty() || share.trim_end_matches('*').len() > 255 => {
            Err("shareIdentifier has between 1 and 255 characters".to_owned())
        }
        _ => Ok(()),
    }
}

fn check_retry(strategy: &Value) -> Result<(), String> {
    between(&strategy["attempts"], (1, 10), "retryStrategy.attempts")?;
    let Some(conditions) = strategy["evaluateOnExit"].as_array() else { return Ok(()) };
    if conditions.len() > limits::CONDITIONS {
        return Err("evaluateOnExit holds at most 5 conditions".to_owned());
    }
    if strategy["attempts"].is_null() {
        return Err("RetryAttempts must be provided with retry strategy".to_owned());
    }
    conditions.iter().try_for_each(check_condition)
}

fn check_condition(condition: &Value) -> Result<(), String> {
    let action = condition["action"].as_str().unwrap_or_default();
    if !["RETRY", "EXIT"].iter().any(|known| action.eq_ignore_ascii_case(known)) {
        return Err("evaluateOnExit.action must be RETRY or EXIT".to_owned());
    }
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == ':' || c.is_ascii_whitespace();
    let is_digit = |c: char| c.is_ascii_digit();
    let patterns: [(&str, &dyn Fn(char) -> bool); 3] =
        [("onExitCode", &is_digit), ("onReason", &is_word), ("onStatusReason", &is_word)];
    for (member, fits) in patterns {
        let Some(pattern) = condition[member].as_str() else { continue };
        let stem = pattern.strip_suffix('*').unwrap_or(pattern);
        if pattern.is_empty() || pattern.len() > 512 || !stem.chars().all(fits) {
            return Err(format!("evaluateOnExit.{member} is not a valid pattern"));
        }
    }
    Ok(())
}

fn check_dependencies(dependencies: &Value, is_array: bool) -> Result<(), String> {
    let dependencies = dependencies.as_array().map(Vec::as_slice).unwrap_or_default();
    if dependencies.len() > limits::DEPENDENCIES {
        return Err("A job can depend upon a maximum of 20 jobs".to_owned());
    }
    for dependency in dependencies {
        match (dependency["type"].as_str(), dependency["jobId"].as_str()) {
            (None | Some("N_TO_N"), None) => return Err("dependsOn.jobId is required".to_owned()),
            (None, Some(_)) => {}
            (Some("N_TO_N" | "SEQUENTIAL"), _) if is_array => {}
            (Some("N_TO_N" | "SEQUENTIAL"), _) => {
                return Err("dependsOn.type is for array jobs".to_owned());
            }
            (Some(_), _) => return Err("dependsOn.type must be N_TO_N or SEQUENTIAL".to_owned()),
        }
    }
    Ok(())
}

fn check_tags(tags: &Value) -> Result<(), String> {
    if pairs(tags).count() > limits::TAGS {
        return Err("A job has at most 50 tags".to_owned());
    }
    for (key, value) in pairs(tags) {
        let fits = value.as_str().is_some_and(|value| value.chars().count() <= 256);
        if !(1..=128).contains(&key.chars().count()) || key.starts_with("aws:") || !fits {
            return Err(format!("Tag {key} is not valid"));
        }
    }
    Ok(())
}
