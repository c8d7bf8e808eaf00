//! A namespace that is not listed yet, or not any more: an object that is not in its cache may live all the same.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;

use super::server::{Cluster, Gate};
use super::{LONG, Stage, job, object};

const FLAGS: [&str; 2] = ["--watch-namespace", "team,theirs"];

/// An object of the other namespace. It is held back, and lives.
fn owner() -> Value {
    let mut owner = object("owner");
    owner["metadata"]["namespace"] = json!("theirs");
    owner["spec"]["suspend"] = json!(true);
    owner
}

/// A job of that owner, which is granted to the namespace `team`; and an object there that asks for it. Answers the job's id.
fn ask_for_their_job(stage: &Stage) -> String {
    let uid = stage.server.look(|cluster| cluster.get("owner")["metadata"]["uid"].clone());
    let tags = [
        ("awsbatch.dev/uid", uid.as_str().unwrap()),
        ("awsbatch.dev/cluster", "cluster-1"),
        ("awsbatch.dev/namespace", "theirs"),
        ("awsbatch.dev/name", "owner"),
        ("awsbatch.dev/adoptable-by", "cluster-1/team/*"),
    ];
    let tags = tags.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let id = stage.cloud.0.run("theirs", tags.into());
    let mut asks = object("asks");
    asks["metadata"]["annotations"] = json!({ "awsbatch.dev/adopt": id.as_str() });
    stage.server.change(|cluster| cluster.create(asks));
    id.to_string()
}

/// Fails if the object shows the job within a time in which it asks again and again.
async fn shows_no_job(stage: &Stage, when: &str) {
    sleep(LONG).await;
    let asks = stage.server.look(|cluster| cluster.get("asks"));
    assert_eq!(job(&asks), None, "{when}: {asks}");
    let reason = asks["status"]["reason"].as_str().unwrap();
    assert!(
        reason.ends_with("belongs to another BatchJob, which may follow it. Looked at again"),
        "{reason}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_passes_of_all_namespaces_are_bounded_together() {
    let namespaces = ["team", "b", "c", "d", "e", "f", "g", "h"];
    let flags = ["--watch-namespace", &namespaces.join(","), "--concurrency", "4", "--submit-rate", "1000"];
    let stage = Stage::start(&flags, |cluster| {
        for number in 0..80 {
            let mut object = object(&format!("job-{number:02}"));
            object["metadata"]["namespace"] = json!(namespaces[number % namespaces.len()]);
            cluster.create(object);
        }
    });
    stage.all_are_submitted().await;
    assert_eq!(stage.server.look(|cluster| cluster.writes), (0, 4), "all four passes write, and no more");
}

#[tokio::test(start_paused = true)]
async fn a_job_is_not_shown_while_its_owners_namespace_is_not_listed() {
    let stage = Stage::start(&FLAGS, |cluster| {
        cluster.gate = Some(("theirs", Gate::Hangs));
        cluster.create(owner());
    });
    let id = ask_for_their_job(&stage);
    shows_no_job(&stage, "not listed yet").await;
    stage.server.change(|cluster| cluster.gate = None);
    shows_no_job(&stage, "the owner lives").await;
    stage.server.change(|cluster| cluster.delete("owner"));
    let follows = |cluster: &Cluster| job(&cluster.get("asks")) == Some(&id);
    assert!(stage.server.until(LONG, follows).await, "the owner is gone, and the job is granted");
}

#[tokio::test(start_paused = true)]
async fn a_job_is_not_shown_while_the_watch_of_its_owners_namespace_is_refused() {
    let stage = Stage::start(&FLAGS, |_| {});
    stage.is_ready().await;
    stage.server.change(|cluster| {
        cluster.gate = Some(("theirs", Gate::Forbids));
        cluster.breaks += 1;
    });
    // The watch asks once more, and is refused.
    sleep(Duration::from_secs(1)).await;
    stage.server.change(|cluster| cluster.create(owner()));
    ask_for_their_job(&stage);
    shows_no_job(&stage, "refused").await;
}
