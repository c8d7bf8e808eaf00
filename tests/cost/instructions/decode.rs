//! What the operator receives.

use aws_batch_operator::controller::Cached;
use aws_batch_operator::job::JobId;
use kube::core::WatchEvent;
use serde_json::{Value, json};

use crate::client::Client;
use crate::life::{Life, job_sent, sent};
use crate::work::repeat;

/// From a line of the watch to the object of the cache.
#[test]
fn hundred_objects_of_the_watch() {
    let mut object = sent();
    object.status.clone_from(&Life::running().object.status);
    let line = json!({ "type": "MODIFIED", "object": object }).to_string();
    assert!(line.contains("managedFields"));
    assert!(cached(&line).object().unwrap().metadata.managed_fields.is_none());
    repeat(|| (), |()| (0..100).map(|_| cached(&line)).collect::<Vec<_>>());
}

/// As each pass begins.
#[test]
fn hundred_objects_of_the_cache() {
    let cached = Cached::from(Life::running().object.as_ref().clone());
    assert!(cached.object().unwrap().status.is_some());
    repeat(|| (), |()| (0..100).map(|_| cached.object()).collect::<Vec<_>>());
}

fn cached(line: &str) -> Cached {
    let Ok(WatchEvent::Modified(object)) = serde_json::from_str::<WatchEvent<Cached>>(line) else {
        panic!("no object")
    };
    object
}

/// The whole call through the SDK, but for the network.
#[test]
fn one_describe_jobs_of_a_hundred_jobs() {
    let ids: Vec<_> = (0..100).map(|number| format!("5e1c1b1e-7d5c-4b5e-9a55-{number:012}")).collect();
    let jobs: Vec<Value> = ids.iter().map(|id| job_sent(json!({ "jobId": id }))).collect();
    let ids: Vec<_> = ids.into_iter().filter_map(JobId::new).collect();
    let client = Client::of(&jobs);
    assert_eq!(client.describe(&ids).len(), 100);
    repeat(|| (), |()| client.describe(&ids).len());
}
