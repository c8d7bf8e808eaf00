//! Who waits for whom, as the caches show it: cycles are found by one search for all, and each costs its own names only.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_batch_operator::api::{BatchJob, JobTarget, Phase};
use aws_batch_operator::controller::{Cached, Dependencies};
use aws_batch_operator::job::JobId;
use aws_batch_operator::key::Key;
use aws_batch_operator::plan::Parent;
use kube::runtime::reflector::store::{Writer, store};
use kube::runtime::watcher::Event;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// The account and Region that this process works in.
fn here() -> JobTarget {
    JobTarget { account_id: None, region: "us-east-1".to_owned() }
}

/// A cache, what watches it, and who was woken.
struct Scene {
    writer: Writer<Cached>,
    dependencies: Arc<Dependencies>,
    woken: Arc<Mutex<Vec<String>>>,
    search: JoinHandle<()>,
}

impl Scene {
    fn new() -> Self {
        let (reader, writer) = store();
        let dependencies = Arc::new(Dependencies::new(vec![(None, reader)]));
        let woken = Arc::new(Mutex::new(Vec::new()));
        let (searched, heard) = (dependencies.clone(), woken.clone());
        let search =
            tokio::spawn(
                async move { searched.run(|key| heard.lock().unwrap().push(key.name.clone())).await },
            );
        Self { writer, dependencies, woken, search }
    }

    /// The watch shows the object.
    fn show(&mut self, name: &str, parents: &[&str], status: Value) {
        let object = object(name, parents, status);
        self.writer.apply_watcher_event(&Event::Apply(cached(&object)));
        self.dependencies.released("team", name);
    }

    /// What the object is told of those that it names, now and once a search had its time. Answers the latter.
    async fn ask(&self, name: &str, parents: &[&str]) -> Vec<Parent> {
        let object = object(name, parents, Value::Null);
        drop(self.dependencies.parents(&Key::of(&object), &object, &here()));
        sleep(Duration::from_secs(3)).await;
        self.dependencies.parents(&Key::of(&object), &object, &here()).into_values().collect()
    }

    fn woken(&self) -> Vec<String> {
        let mut woken = std::mem::take(&mut *self.woken.lock().unwrap());
        woken.sort();
        woken
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.search.abort();
    }
}

fn object(name: &str, parents: &[&str], status: Value) -> BatchJob {
    let depends_on: Vec<_> = parents.iter().map(|name| json!({ "name": name })).collect();
    let object = json!({
        "apiVersion": "awsbatch.dev/v1alpha1", "kind": "BatchJob",
        "metadata": { "namespace": "team", "name": name, "uid": format!("uid of {name}") },
        "spec": { "jobQueue": "q", "jobDefinition": "d", "dependsOn": depends_on },
        "status": status,
    });
    serde_json::from_value(object).unwrap()
}

fn cached(object: &BatchJob) -> Cached {
    serde_json::from_value(serde_json::to_value(object).unwrap()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_cycle_wakes_its_members_once_and_those_beside_it_never() {
    let mut scene = Scene::new();
    scene.show("a", &["b"], Value::Null);
    assert_eq!(scene.ask("a", &["b"]).await, [Parent::Missing]);
    scene.show("b", &["c"], Value::Null);
    scene.show("beside", &["a"], Value::Null);
    assert_eq!(scene.ask("a", &["b"]).await, [Parent::Waiting]);
    assert_eq!(scene.woken(), [""; 0]);
    scene.show("c", &["a", "missing"], Value::Null);
    assert_eq!(scene.ask("c", &["a", "missing"]).await, [Parent::Cycle, Parent::Missing]);
    assert_eq!(scene.woken(), ["a", "b", "c"]);
    assert_eq!(scene.ask("b", &["c"]).await, [Parent::Cycle]);
    assert_eq!(scene.ask("beside", &["a"]).await, [Parent::Waiting]);
    assert_eq!(scene.woken(), [""; 0], "who knows is not woken again");
}

#[tokio::test(start_paused = true)]
async fn a_way_through_an_object_with_a_job_or_an_end_is_no_cycle() {
    for status in [json!({ "jobId": "job-1" }), json!({ "phase": "Succeeded" }), json!({ "phase": "Failed" })]
    {
        let mut scene = Scene::new();
        scene.show("a", &["b"], Value::Null);
        scene.show("b", &["c"], Value::Null);
        scene.show("c", &["a"], status.clone());
        assert_eq!(scene.ask("a", &["b"]).await, [Parent::Waiting], "{status}");
        assert_eq!(scene.woken(), [""; 0], "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cycle_that_breaks_is_forgotten_and_what_is_left_of_it_is_not() {
    let mut scene = Scene::new();
    for (name, parents) in [("a", ["b"].as_slice()), ("b", &["a", "c"]), ("c", &["b"])] {
        scene.show(name, parents, Value::Null);
    }
    assert_eq!(scene.ask("b", &["a", "c"]).await, [Parent::Cycle, Parent::Cycle]);
    assert_eq!(scene.woken(), ["a", "b", "c"]);
    scene.show("c", &["b"], json!({ "phase": Phase::Succeeded }));
    sleep(Duration::from_secs(3)).await;
    assert_eq!(scene.woken(), ["a", "b"], "nobody had to ask");
    assert_eq!(scene.ask("b", &["a", "c"]).await, [Parent::Cycle, Parent::Succeeded]);
    scene.show("a", &["b"], json!({ "jobId": "job-1" }));
    let job = JobId::new("job-1".to_owned()).unwrap();
    assert_eq!(scene.ask("b", &["a", "c"]).await, [Parent::Job(job), Parent::Succeeded]);
}

#[tokio::test(start_paused = true)]
async fn an_object_of_the_same_name_is_another_and_a_new_listing_forgets_all() {
    let mut scene = Scene::new();
    scene.show("a", &["b"], Value::Null);
    scene.show("b", &["a"], Value::Null);
    assert_eq!(scene.ask("a", &["b"]).await, [Parent::Cycle]);
    let mut other = object("b", &[], Value::Null);
    other.metadata.uid = Some("another".to_owned());
    scene.writer.apply_watcher_event(&Event::Apply(cached(&other)));
    let a = object("a", &["b"], Value::Null);
    assert_eq!(
        scene.dependencies.parents(&Key::of(&a), &a, &here())["b"],
        Parent::Waiting,
        "before the event is taken in"
    );
    scene.dependencies.listed(None);
    scene.woken();
    assert_eq!(scene.ask("a", &["b"]).await, [Parent::Waiting]);
    assert_eq!(scene.woken(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_that_each_wait_for_two_hundred_learn_of_a_cycle_at_once() {
    let mut scene = Scene::new();
    let names: Vec<_> = (0..1_000).map(|n| format!("{n:04}")).collect();
    let before = |n: usize| -> Vec<&str> {
        names[n.saturating_sub(200)..n]
            .iter()
            .map(String::as_str)
            .chain((n == 0).then_some("missing"))
            .collect()
    };
    for (n, name) in names.iter().enumerate() {
        scene.show(name, &before(n), Value::Null);
    }
    let told = scene.ask(&names[999], &before(999)).await;
    assert_eq!(told, vec![Parent::Waiting; 200]);
    // What one search has seen, no pass asks for again: all answers come at once.
    let begun = tokio::time::Instant::now();
    for (n, name) in names.iter().enumerate().skip(1) {
        let object = object(name, &before(n), Value::Null);
        assert!(
            scene
                .dependencies
                .parents(&Key::of(&object), &object, &here())
                .values()
                .all(|parent| *parent == Parent::Waiting)
        );
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
    scene.show("missing", &[&names[999]], Value::Null);
    assert_eq!(scene.ask("missing", &[&names[999]]).await, [Parent::Cycle]);
    assert_eq!(scene.woken().len(), 1_001);
}

#[tokio::test(start_paused = true)]
async fn a_job_in_another_region_is_waited_for_and_never_named_to_aws() {
    let mut scene = Scene::new();
    let status = |region: &str| json!({ "jobId": "1", "phase": "Running", "target": { "region": region } });
    scene.show("away", &[], status("eu-west-1"));
    assert_eq!(scene.ask("child", &["away"]).await, [Parent::Waiting]);
    scene.show("near", &[], status("us-east-1"));
    assert_eq!(scene.ask("child", &["near"]).await, [Parent::Job(JobId::new("1").unwrap())]);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_not_the_parents_own_is_never_named_to_aws() {
    let mut scene = Scene::new();
    let status = |reason: &str| {
        let condition = json!({
            "type": "Observed", "status": "False", "reason": reason, "message": "",
            "lastTransitionTime": "2026-11-24T12:00:00Z",
        });
        json!({ "jobId": "1", "phase": "Running", "conditions": [condition] })
    };
    scene.show("forged", &[], status("NotOwned"));
    assert_eq!(scene.ask("child", &["forged"]).await, [Parent::Waiting]);
    scene.show("unread", &[], status("AccessDenied"));
    assert_eq!(scene.ask("child", &["unread"]).await, [Parent::Job(JobId::new("1").unwrap())]);
}
