//! What a submission names: queues, definitions, shares, tags.

use std::collections::BTreeMap;

use serde_json::json;

use super::ARN;
use super::{START, Scene, brisk};
use crate::behaviour::Behaviour;
use crate::catalogue::{Definition, Queue};

#[test]
fn a_queue_is_named_by_name_or_arn_and_must_exist_and_be_enabled() {
    let mut scene = Scene::new();
    let arn = format!("{ARN}:job-queue/q");
    let id = scene.submit(&json!({ "jobQueue": arn }));
    assert_eq!(scene.job(&id, 0)["jobQueue"], arn);
    assert_eq!(scene.refusal(&json!({ "jobQueue": "typo" })), "JobQueue typo not found.");
    let queue = Queue { enabled: false, ..Queue::default() };
    scene.world.catalogue.queues.insert("off".to_owned(), Some(queue));
    assert!(scene.refusal(&json!({ "jobQueue": "off" })).contains("not in ENABLED state"));
}

#[test]
fn a_definition_without_a_revision_is_its_latest_active_one() {
    let mut scene = Scene::new();
    let definition = Definition { revision: 7, ..Definition::default() };
    scene.world.catalogue.definitions.insert("d".to_owned(), definition);
    let arn = format!("{ARN}:job-definition/d");
    for (asked, revision) in [("d", 7), ("d:3", 3), (arn.as_str(), 7), (&format!("{arn}:6"), 6)] {
        let id = scene.submit(&json!({ "jobDefinition": asked }));
        assert_eq!(scene.job(&id, 0)["jobDefinition"], format!("{arn}:{revision}"), "{asked}");
    }
    for missing in ["typo", "d:8", "d:0", "d:x"] {
        let refusal = scene.refusal(&json!({ "jobDefinition": missing }));
        assert!(refusal.contains("does not exist or is not in ACTIVE status"), "{refusal}");
    }
}

#[test]
fn a_deregistered_definition_takes_no_more_jobs() {
    let mut scene = Scene::new();
    let definition = Definition { revision: 0, ..Definition::default() };
    scene.world.catalogue.definitions.insert("d".to_owned(), definition);
    assert!(scene.refusal(&json!({})).contains("not in ACTIVE status"));
}

#[test]
fn a_share_identifier_goes_with_a_fair_share_queue_and_so_does_a_priority() {
    let mut scene = Scene::new();
    let fair = Queue { fair_share: true, ..Queue::default() };
    scene.world.catalogue.queues.insert("fair".to_owned(), Some(fair));
    assert!(scene.refusal(&json!({ "shareIdentifier": "a" })).contains("without a fair-share policy"));
    assert_eq!(scene.refusal(&json!({ "jobQueue": "fair" })), "shareIdentifier must be specified.");
    let share = json!({ "jobQueue": "fair", "shareIdentifier": "a" });
    assert!(scene.refusal(&share).starts_with("Either schedulingPriority in job definition"));
    scene.submit(&json!({ "jobQueue": "fair", "shareIdentifier": "a", "schedulingPriorityOverride": 1 }));
    let definition = Definition { scheduling_priority: Some(1), ..Definition::default() };
    scene.world.catalogue.definitions.insert("d".to_owned(), definition);
    scene.submit(&share);
}

#[test]
fn tags_of_the_definition_propagate_and_too_many_fail_the_job() {
    let mut scene = Scene::new();
    let tags: BTreeMap<_, _> = (0..49).map(|n| (n.to_string(), "definition".to_owned())).collect();
    let definition = Definition { tags, behaviour: Some(brisk()), ..Definition::default() };
    scene.world.catalogue.definitions.insert("d".to_owned(), definition);
    let own = json!({ "0": "own", "x": "own" });
    let plain = scene.submit(&json!({ "tags": own }));
    assert_eq!(scene.job(&plain, 0)["tags"], own);
    let id = scene.submit(&json!({ "tags": own, "propagateTags": true }));
    let job = scene.job(&id, 400);
    assert_eq!((&job["tags"]["0"], &job["tags"]["1"]), (&json!("own"), &json!("definition")));
    assert_eq!(job["status"], "SUCCEEDED");
    let tags = json!({ "x": "", "y": "" });
    let id = scene.submit(&json!({ "tags": tags, "propagateTags": true }));
    assert_eq!(scene.status(&id, 400), "FAILED");
}

#[test]
fn a_behaviour_by_job_name_goes_before_the_definitions() {
    let mut scene = Scene::new();
    scene.world.by_name.insert("special".to_owned(), Behaviour { exit_code: 9, ..brisk() });
    let id = scene.submit(&json!({ "jobName": "special" }));
    assert_eq!(scene.job(&id, 400)["container"]["exitCode"], 9);
}

#[test]
fn two_submissions_of_one_name_are_two_jobs() {
    let mut scene = Scene::new();
    let (first, second) = (scene.submit(&json!({})), scene.submit(&json!({})));
    assert_ne!(first, second);
    assert_eq!(scene.describe(&[&first, &second], 0).len(), 2);
}

#[test]
fn a_deleted_queue_takes_its_jobs_along() {
    let mut scene = Scene::new();
    let id = scene.submit(&json!({}));
    scene.world.delete_queue("q");
    assert!(scene.describe(&[&id], 100).is_empty());
    assert!(scene.refusal(&json!({})).contains("not found"));
    scene.world.catalogue.queues.insert("q".to_owned(), Some(Queue::default()));
    let request = json!({ "jobQueue": "q", "filters": [{ "name": "JOB_NAME", "values": ["job"] }] });
    assert!(scene.ids(&request, 100).is_empty());
}

#[test]
fn a_clock_that_is_put_back_does_not_mix_the_order() {
    let mut scene = Scene::new();
    scene.try_submit(&json!({}), 1000).unwrap();
    let id = scene.try_submit(&json!({}), 0).unwrap();
    assert_eq!(scene.job(&id, 1000)["createdAt"], START + 1000);
}
