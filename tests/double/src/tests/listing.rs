//! ListJobs: where, which, in what order, how many.

use serde_json::{Value, json};

use super::ARN;
use super::{START, Scene};
use crate::catalogue::Queue;
use crate::list;

fn filter(name: &str, value: &str) -> Value {
    json!({ "jobQueue": "q", "filters": [{ "name": name, "values": [value] }] })
}

fn refusal(scene: &Scene, request: &Value) -> String {
    list::list(&scene.world, request, START).unwrap_err()
}

#[test]
fn without_a_status_only_running_jobs_are_listed() {
    let mut scene = Scene::new();
    scene.submit(&json!({}));
    let running = json!({ "jobQueue": "q" });
    assert!(scene.ids(&running, 200).is_empty());
    assert_eq!(scene.ids(&running, 300), ["id-1"]);
    assert!(scene.ids(&running, 400).is_empty());
    assert_eq!(scene.ids(&json!({ "jobQueue": "q", "jobStatus": "SUCCEEDED" }), 400), ["id-1"]);
}

#[test]
fn a_name_is_matched_in_any_case_and_state_newest_first() {
    let mut scene = Scene::new();
    for (name, after) in [("Alpha", 0), ("alpha", 1000), ("alphabet", 2000), ("beta", 3000)] {
        scene.try_submit(&json!({ "jobName": name }), after).unwrap();
    }
    assert_eq!(scene.ids(&filter("JOB_NAME", "ALPHA"), 3000), ["id-2", "id-1"]);
    assert_eq!(scene.ids(&filter("JOB_NAME", "Alpha*"), 3000), ["id-3", "id-2", "id-1"]);
    assert!(scene.ids(&filter("JOB_NAME", "alp"), 3000).is_empty());
    let mut request = filter("JOB_NAME", "alpha");
    request["jobStatus"] = json!("FAILED");
    assert_eq!(scene.ids(&request, 3000).len(), 2, "a filter makes the status moot");
}

#[test]
fn a_job_of_another_queue_is_not_listed() {
    let mut scene = Scene::new();
    scene.world.catalogue.queues.insert("other".to_owned(), Some(Queue::default()));
    scene.submit(&json!({ "jobQueue": "other" }));
    let here = scene.submit(&json!({}));
    assert_eq!(scene.ids(&filter("JOB_NAME", "job"), 0), [here]);
}

#[test]
fn a_definition_is_matched_by_name_in_every_revision_or_by_the_arn_of_one() {
    let mut scene = Scene::new();
    scene.world.catalogue.definitions.get_mut("d").unwrap().revision = 2;
    scene.define("dd", super::brisk());
    for definition in ["d:1", "d:2", "dd"] {
        scene.submit(&json!({ "jobDefinition": definition }));
    }
    assert_eq!(scene.ids(&filter("JOB_DEFINITION", "d"), 0), ["id-2", "id-1"]);
    assert_eq!(scene.ids(&filter("JOB_DEFINITION", "d*"), 0), ["id-3", "id-2", "id-1"]);
    assert_eq!(scene.ids(&filter("JOB_DEFINITION", &format!("{ARN}:job-definition/d:1")), 0), ["id-1"]);
    assert!(scene.ids(&filter("JOB_DEFINITION", "D"), 0).is_empty());
}

#[test]
fn moments_divide_jobs_into_before_and_after() {
    let mut scene = Scene::new();
    for after in [0, 1000, 2000] {
        scene.try_submit(&json!({}), after).unwrap();
    }
    let moment = (START + 1000).to_string();
    assert_eq!(scene.ids(&filter("AFTER_CREATED_AT", &moment), 2000), ["id-3"]);
    assert_eq!(scene.ids(&filter("BEFORE_CREATED_AT", &moment), 2000), ["id-1"]);
}

#[test]
fn a_share_identifier_goes_together_with_a_status() {
    let mut scene = Scene::new();
    let fair = Queue { fair_share: true, ..Queue::default() };
    scene.world.catalogue.queues.insert("q".to_owned(), Some(fair));
    let member = |share: &str| json!({ "shareIdentifier": share, "schedulingPriorityOverride": 1 });
    scene.submit(&member("team1"));
    scene.try_submit(&member("team1"), 200).unwrap();
    scene.submit(&member("team2"));
    let mut request = filter("SHARE_IDENTIFIER", "team1");
    assert_eq!(scene.ids(&request, 400).len(), 2);
    request["jobStatus"] = json!("SUCCEEDED");
    assert_eq!(scene.ids(&request, 400), ["id-1"]);
}

#[test]
fn a_page_has_1000_results_without_a_filter_and_100_with_one() {
    let mut scene = Scene::new();
    for _ in 0..1100 {
        scene.submit(&json!({}));
    }
    assert_eq!(scene.ids(&json!({ "jobQueue": "q", "maxResults": 5000 }), 300).len(), 1000);
    assert_eq!(scene.ids(&filter("JOB_NAME", "job"), 300).len(), 100);
}

#[test]
fn pages_follow_one_another_though_new_jobs_come_in() {
    let mut scene = Scene::new();
    for _ in 0..5 {
        scene.submit(&json!({}));
    }
    let mut request = filter("JOB_NAME", "job");
    request["maxResults"] = json!(2);
    let mut seen = Vec::new();
    loop {
        seen.extend(scene.ids(&request, 10));
        let token = scene.list(&request, 10)["nextToken"].clone();
        if token.is_null() {
            break;
        }
        request["nextToken"] = token;
        scene.try_submit(&json!({}), 10).unwrap();
    }
    assert_eq!(seen, ["id-5", "id-4", "id-3", "id-2", "id-1"]);
}

#[test]
fn children_are_listed_by_their_parent_only() {
    let mut scene = Scene::new();
    let id = scene.submit(&json!({ "arrayProperties": { "size": 3 } }));
    assert_eq!(scene.ids(&filter("JOB_NAME", "job"), 300), ["id-1"]);
    let mut request = json!({ "arrayJobId": id, "maxResults": 2 });
    assert_eq!(scene.ids(&request, 300), [format!("{id}:0"), format!("{id}:1")]);
    request["nextToken"] = scene.list(&request, 300)["nextToken"].clone();
    assert_eq!(scene.ids(&request, 300), [format!("{id}:2")]);
    assert!(scene.list(&request, 300).get("nextToken").is_none());
    assert!(scene.ids(&json!({ "arrayJobId": id, "jobStatus": "FAILED" }), 300).is_empty());
}

#[test]
fn a_summary_has_states_and_no_tags() {
    let mut scene = Scene::new();
    scene.submit(&json!({ "tags": { "a": "b" } }));
    let job = scene.list(&filter("JOB_NAME", "job"), 400)["jobSummaryList"][0].clone();
    assert_eq!((&job["status"], &job["createdAt"]), (&json!("SUCCEEDED"), &json!(START)));
    assert_eq!(job["container"]["exitCode"], 0);
    assert!(job.get("tags").is_none());
}

#[test]
fn a_request_that_asks_for_nothing_sensible_is_refused() {
    let mut scene = Scene::new();
    let id = scene.submit(&json!({}));
    for (request, words) in [
        (json!({}), "Exactly one"),
        (json!({ "jobQueue": "q", "arrayJobId": id }), "Exactly one"),
        (json!({ "jobQueue": "typo" }), "JobQueue typo not found"),
        (json!({ "arrayJobId": "nobody" }), "does not exist"),
        (json!({ "jobQueue": "q", "jobStatus": "DONE" }), "jobStatus"),
        (json!({ "jobQueue": "q", "maxResults": 0 }), "maxResults"),
        (json!({ "jobQueue": "q", "nextToken": "x" }), "nextToken"),
        (filter("NAME", "x"), "Filter name"),
        (filter("AFTER_CREATED_AT", "yesterday"), "milliseconds"),
        (json!({ "jobQueue": "q", "filters": [{ "name": "JOB_NAME", "values": [] }] }), "one value"),
        (json!({ "jobQueue": "q", "filters": [{}, {}] }), "Only one filter"),
    ] {
        let refusal = refusal(&scene, &request);
        assert!(refusal.contains(words), "{request}: {refusal}");
    }
}
