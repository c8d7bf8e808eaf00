//! DescribeJobQueues and DescribeJobDefinitions: what a caller may ask before it submits.

use serde_json::{Value, json};

use crate::catalogue::{Catalogue, Definition, Queue};
use crate::home::Home;

/// Names in one call.
const MOST: usize = 100;

/// The queues of these names or ARNs, or all; unknown ones are left out.
pub fn queues(catalogue: &Catalogue, request: &Value) -> Result<Value, String> {
    let all = || catalogue.queues.keys().map(String::as_str).collect();
    let asked = names(&request["jobQueues"], "job queues")?.unwrap_or_else(all);
    let found: Vec<_> = asked.into_iter().filter_map(|name| catalogue.queue(name)).collect();
    let queues: Vec<_> =
        found.iter().map(|(name, queue)| queue_detail(&catalogue.home, name, queue)).collect();
    Ok(json!({ "jobQueues": queues }))
}

fn queue_detail(home: &Home, name: &str, queue: &Queue) -> Value {
    let mut detail = json!({
        "jobQueueName": name,
        "jobQueueArn": home.arn("job-queue", name),
        "state": if queue.enabled { "ENABLED" } else { "DISABLED" },
        "status": "VALID",
        "statusReason": "JobQueue Healthy",
        "priority": 1,
        "computeEnvironmentOrder": [],
        "jobQueueType": "ECS",
    });
    if queue.fair_share {
        detail["schedulingPolicyArn"] = home.arn("scheduling-policy", name).into();
    }
    detail
}

/// The active definitions of these names, revisions or ARNs, of one name, or all; unknown ones are left out.
pub fn definitions(catalogue: &Catalogue, request: &Value) -> Result<Value, String> {
    let named = names(&request["jobDefinitions"], "job definitions")?;
    let one = request["jobDefinitionName"].as_str().map(|name| vec![name]);
    let asked = named.or(one).unwrap_or_else(|| catalogue.definitions.keys().map(String::as_str).collect());
    // Every known definition is active or gone: none is kept INACTIVE.
    let is_asked = request["status"].as_str().is_none_or(|status| status == "ACTIVE");
    let found = asked.into_iter().filter(|_| is_asked).filter_map(|name| catalogue.definition(name));
    let details: Vec<_> = found
        .map(|(name, revision, found)| definition_detail(&catalogue.home, (&name, revision), &found))
        .collect();
    Ok(json!({ "jobDefinitions": details }))
}

fn definition_detail(home: &Home, (name, revision): (&str, u32), definition: &Definition) -> Value {
    let mut detail = json!({
        "jobDefinitionName": name,
        "jobDefinitionArn": home.arn("job-definition", format_args!("{name}:{revision}")),
        "revision": revision,
        "status": "ACTIVE",
        "type": "container",
        "tags": definition.tags,
        "containerOrchestrationType": "ECS",
    });
    if let Some(nodes) = definition.nodes {
        detail["type"] = "multinode".into();
        detail["nodeProperties"] = json!({ "numNodes": nodes, "mainNode": 0, "nodeRangeProperties": [] });
    }
    if let Some(priority) = definition.scheduling_priority {
        detail["schedulingPriority"] = priority.into();
    }
    detail
}

/// The names asked for; none given means all.
fn names<'a>(names: &'a Value, what: &str) -> Result<Option<Vec<&'a str>>, String> {
    let names: Vec<_> = names.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if names.len() > MOST {
        return Err(format!("Maximum number of {what} supported is 100"));
    }
    Ok(Some(names).filter(|names| !names.is_empty()))
}
