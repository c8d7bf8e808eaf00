//! Arrays: the parent counts, the children run.

use serde_json::{Value, json};

use super::{START, Scene, brisk};
use crate::behaviour::Behaviour;
use crate::end::Ending;

fn array(size: i32) -> Value {
    json!({ "arrayProperties": { "size": size } })
}

fn summary(job: &Value) -> &Value {
    &job["arrayProperties"]["statusSummary"]
}

#[test]
fn a_parent_is_submitted_then_pending_while_children_run_then_done() {
    let mut scene = Scene::new();
    let id = scene.submit(&array(3));
    for (after, parent, children) in [
        (0, "SUBMITTED", "SUBMITTED"),
        (100, "PENDING", "RUNNABLE"),
        (200, "PENDING", "STARTING"),
        (300, "PENDING", "RUNNING"),
        (400, "SUCCEEDED", "SUCCEEDED"),
    ] {
        let job = scene.job(&id, after);
        assert_eq!(job["status"], parent, "after {after} ms");
        assert_eq!(summary(&job)[children], 3, "after {after} ms");
        assert_eq!(scene.status(&format!("{id}:2"), after), children, "after {after} ms");
    }
}

#[test]
fn a_parent_has_neither_container_nor_attempts() {
    let mut scene = Scene::new();
    let id = scene.submit(&array(2));
    let job = scene.job(&id, 400);
    assert!(job.get("container").is_none() && job["attempts"] == json!([]));
    assert_eq!(job["arrayProperties"]["size"], 2);
    let child = scene.job(&format!("{id}:1"), 400);
    assert_eq!(
        (&child["arrayProperties"], &child["container"]["exitCode"]),
        (&json!({ "index": 1 }), &json!(0))
    );
}

#[test]
fn one_failed_child_fails_the_parent_when_all_have_ended() {
    let mut scene = Scene::new();
    scene.define("d", Behaviour { failing_indexes: [1, 3].into(), ..brisk() });
    let id = scene.submit(&array(5));
    let job = scene.job(&id, 400);
    assert_eq!((&job["status"], &job["statusReason"]), (&json!("FAILED"), &json!("Array Child Job failed")));
    assert_eq!((&summary(&job)["FAILED"], &summary(&job)["SUCCEEDED"]), (&json!(2), &json!(3)));
    assert_eq!(scene.status(&format!("{id}:3"), 400), "FAILED");
    assert_eq!(scene.status(&format!("{id}:4"), 400), "SUCCEEDED");
}

#[test]
fn children_are_tried_again_each_for_itself() {
    let mut scene = Scene::new();
    scene.define("d", Behaviour { failing_indexes: [1].into(), ..brisk() });
    let mut request = array(2);
    request["retryStrategy"] = json!({ "attempts": 2 });
    let id = scene.submit(&request);
    let job = scene.job(&id, 500);
    assert_eq!(job["status"], "PENDING");
    assert_eq!((&summary(&job)["RUNNABLE"], &summary(&job)["SUCCEEDED"]), (&json!(0), &json!(1)));
    assert_eq!(scene.job(&id, 700)["stoppedAt"], START + 700);
}

#[test]
fn one_child_can_be_terminated_alone() {
    let mut scene = Scene::new();
    let id = scene.submit(&array(3));
    let child = format!("{id}:1");
    scene.end(Ending::Terminate, &child, 150);
    let job = scene.job(&id, 160);
    assert_eq!((&summary(&job)["FAILED"], &summary(&job)["RUNNABLE"]), (&json!(1), &json!(2)));
    assert_eq!(job["isTerminated"], false);
    let job = scene.job(&child, 160);
    assert_eq!((&job["statusReason"], &job["isTerminated"]), (&json!("enough"), &json!(true)));
    assert_eq!(scene.status(&id, 400), "FAILED");
}

#[test]
fn terminating_the_parent_terminates_all_and_cancelling_only_those_not_started() {
    let mut scene = Scene::new();
    let cancelled = scene.submit(&array(2));
    scene.end(Ending::Cancel, &cancelled, 150);
    let job = scene.job(&cancelled, 150);
    assert_eq!((&job["status"], &summary(&job)["FAILED"]), (&json!("FAILED"), &json!(2)));
    let running = scene.submit(&array(2));
    scene.end(Ending::Cancel, &running, 310);
    assert_eq!(scene.status(&running, 400), "SUCCEEDED");
    scene.define("d", Behaviour::forever());
    let terminated = scene.submit(&array(2));
    scene.end(Ending::Terminate, &terminated, 1000);
    assert_eq!(summary(&scene.job(&terminated, 1299))["RUNNING"], 2);
    let job = scene.job(&terminated, 1300);
    assert_eq!((&summary(&job)["FAILED"], &job["statusReason"]), (&json!(2), &json!("enough")));
}

#[test]
fn a_child_beyond_the_size_does_not_exist() {
    let mut scene = Scene::new();
    let (id, single) = (scene.submit(&array(3)), scene.submit(&json!({})));
    let odd =
        [format!("{id}:3"), format!("{id}:-1"), format!("{id}:x"), format!("{id}#0"), format!("{single}:0")];
    assert!(scene.describe(&odd.each_ref().map(String::as_str), 100).is_empty());
}

#[test]
fn ten_thousand_children_are_counted_without_being_made() {
    let mut scene = Scene::new();
    scene.define("d", Behaviour { failing_indexes: (0..10_000).step_by(2).collect(), ..brisk() });
    let id = scene.submit(&array(10_000));
    let parts = scene.world.at(0).parts();
    assert_eq!(parts.iter().map(|(_, number)| *number).collect::<Vec<_>>(), [5_000, 5_000]);
    assert_eq!(summary(&scene.job(&id, 400))["FAILED"], 5_000);
}

#[test]
fn an_array_holds_as_a_whole_for_those_it_depends_on() {
    let mut scene = Scene::new();
    let first = scene.submit(&array(2));
    let mut request = array(2);
    request["dependsOn"] = json!([{ "jobId": first, "type": "N_TO_N" }, { "type": "SEQUENTIAL" }]);
    let second = scene.submit(&request);
    assert_eq!(summary(&scene.job(&second, 399))["PENDING"], 2);
    assert_eq!(summary(&scene.job(&second, 400))["RUNNABLE"], 2);
}
