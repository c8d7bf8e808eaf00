//! `run --attach`: a BatchJob that exists is followed, if it is the one that the flags describe. So a step of a pipeline
//! that is started again waits for its job, and does not run it twice.

use aws_batch_operator::api::{BatchJob, BatchJobSpec, REQUEST_MEMBERS};
use serde_json::Value;

use super::create::created;
use crate::cluster::Cluster;
use crate::failure::Failure;

/// Creates the BatchJob, or finds the one of its name with the same request.
pub async fn create_or_find(cluster: &Cluster, job: &BatchJob) -> Result<(), Failure> {
    if created(cluster, job).await?.is_some() {
        return Ok(());
    }
    let name = job.metadata.name.as_deref().unwrap_or_default();
    let found = cluster.get(name).await?;
    if found.metadata.deletion_timestamp.is_some() {
        return Err(format!(
            "BatchJob {name} is being deleted: choose another name, or wait until it is gone"
        )
        .into());
    }
    let others = differences(&job.spec, &found.spec)?;
    if !others.is_empty() {
        return Err(format!(
            "--attach: BatchJob {name} exists and asks for something else, in {}: choose another name, or give the same flags",
            others.join(", ")
        )
        .into());
    }
    eprintln!("{name}: exists in namespace {}, and is followed", cluster.namespace);
    Ok(())
}

/// The members of the request in which the two differ. Our own members, such as `suspend`, may have changed since.
fn differences(asked: &BatchJobSpec, found: &BatchJobSpec) -> Result<Vec<String>, Failure> {
    let (asked, found): (Value, Value) = (serde_json::to_value(asked)?, serde_json::to_value(found)?);
    let differs = |member: &&str| asked[*member] != found[*member];
    Ok(REQUEST_MEMBERS.into_iter().filter(differs).map(|member| format!("spec.{member}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(text: &str) -> BatchJobSpec {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_request_must_be_the_same_and_our_own_members_may_differ() {
        let asked = spec(r#"{"jobQueue":"q","jobDefinition":"d","parameters":{"a":"1"}}"#);
        let held = spec(r#"{"jobQueue":"q","jobDefinition":"d","parameters":{"a":"1"},"suspend":true}"#);
        assert_eq!(differences(&asked, &held).unwrap(), Vec::<String>::new());
        let other = spec(r#"{"jobQueue":"r","jobDefinition":"d","timeout":{"attemptDurationSeconds":60}}"#);
        let named = ["spec.jobQueue", "spec.parameters", "spec.timeout"].map(str::to_owned);
        let mut found = differences(&asked, &other).unwrap();
        found.sort_unstable();
        assert_eq!(found, named);
    }
}
