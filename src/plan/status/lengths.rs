//! Warns of overrides that AWS Batch accepts and that are too long for Amazon ECS. AWS Batch would fail the job later.

use serde::Serialize;

use crate::api::BatchJobSpec;
use crate::api::condition::Reason;
use crate::plan::Note;

/// Longest overrides of a task on Amazon ECS, in characters of JSON.
const OVERRIDES_MAX: usize = 8192;

/// A warning for each member that is longer than Amazon ECS takes.
pub fn warnings(spec: &BatchJobSpec) -> Vec<Note> {
    let too_long = |(member, length): (String, usize)| {
        (length > OVERRIDES_MAX).then(|| {
            let text = format!(
                "spec.{member}: {length} characters of JSON, and Amazon ECS takes {OVERRIDES_MAX}: AWS will take the job and fail it. Move data into Amazon S3, for example"
            );
            Note::warning(Reason::OverridesTooLong, text)
        })
    };
    measured(spec).into_iter().filter_map(too_long).collect()
}

/// The length of each override of a task, by spec member. Overrides for Amazon EKS are sent to no task.
fn measured(spec: &BatchJobSpec) -> Vec<(String, usize)> {
    let mut all = vec![
        ("containerOverrides".to_owned(), length(spec.container_overrides.as_ref())),
        ("ecsPropertiesOverride".to_owned(), length(spec.ecs_properties_override.as_ref())),
    ];
    let nodes = spec.node_overrides.iter().flat_map(|nodes| nodes.node_property_overrides.iter().flatten());
    for (place, node) in nodes.enumerate() {
        let member = format!("nodeOverrides.nodePropertyOverrides[{place}]");
        all.push((format!("{member}.containerOverrides"), length(node.container_overrides.as_ref())));
        all.push((format!("{member}.ecsPropertiesOverride"), length(node.ecs_properties_override.as_ref())));
    }
    all
}

fn length(overrides: Option<&impl Serialize>) -> usize {
    let json = overrides.and_then(|overrides| serde_json::to_string(overrides).ok());
    json.map_or(0, |json| json.chars().count())
}
