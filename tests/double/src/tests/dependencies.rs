//! `dependsOn`: PENDING until all have succeeded.

use serde_json::{Value, json};

use super::{START, Scene, brisk};
use crate::behaviour::Behaviour;
use crate::end::Ending;

fn after(ids: &[&str]) -> Value {
    let depends_on: Vec<_> = ids.iter().map(|id| json!({ "jobId": id })).collect();
    json!({ "dependsOn": depends_on })
}

#[test]
fn a_job_waits_for_all_it_depends_on() {
    let mut scene = Scene::new();
    scene.define("slow", Behaviour { running_ms: 1000, ..brisk() });
    let (quick, slow) = (scene.submit(&json!({})), scene.submit(&json!({ "jobDefinition": "slow" })));
    let id = scene.submit(&after(&[&quick, &slow]));
    assert_eq!(scene.status(&id, 1299), "PENDING");
    assert_eq!(scene.status(&id, 1300), "RUNNABLE");
    assert_eq!(scene.status(&id, 1600), "SUCCEEDED");
}

#[test]
fn a_failed_dependency_fails_the_dependent_at_once_and_so_on_down_the_chain() {
    let mut scene = Scene::new();
    scene.define("bad", Behaviour { exit_code: 1, ..brisk() });
    scene.define("endless", Behaviour::forever());
    let bad = scene.submit(&json!({ "jobDefinition": "bad" }));
    let endless = scene.submit(&json!({ "jobDefinition": "endless" }));
    let first = scene.submit(&after(&[&endless, &bad]));
    let second = scene.submit(&after(&[&first]));
    for id in [&first, &second] {
        assert_eq!(scene.status(id, 399), "PENDING");
        let job = scene.job(id, 400);
        assert_eq!(
            (&job["status"], &job["statusReason"]),
            (&json!("FAILED"), &json!("Dependent Job failed"))
        );
        assert_eq!(job["stoppedAt"], START + 400);
        assert_eq!(job["attempts"], json!([]));
    }
}

#[test]
fn a_dependency_that_is_terminated_fails_the_dependent() {
    let mut scene = Scene::new();
    scene.define("d", Behaviour::stuck("MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS"));
    let first = scene.submit(&json!({}));
    let second = scene.submit(&after(&[&first]));
    assert_eq!(scene.status(&second, 1_000_000), "PENDING");
    scene.end(Ending::Terminate, &first, 1_000_000);
    assert_eq!(scene.status(&second, 1_000_000), "FAILED");
}

#[test]
fn a_job_that_depends_on_a_finished_one_goes_on_at_once() {
    let mut scene = Scene::new();
    let first = scene.submit(&json!({}));
    let second = scene.try_submit(&after(&[&first]), 5000).unwrap();
    assert_eq!(scene.status(&second, 5099), "SUBMITTED");
    assert_eq!(scene.status(&second, 5100), "RUNNABLE");
}

#[test]
fn an_unknown_dependency_is_refused() {
    let refusal = Scene::new().refusal(&after(&["nobody"]));
    assert_eq!(refusal, "Job nobody does not exist");
}

#[test]
fn ten_thousand_jobs_in_a_chain_are_no_burden() {
    let mut scene = Scene::new();
    let first = scene.submit(&json!({}));
    let mut last = first.clone();
    for _ in 1..10_000 {
        last = scene.submit(&after(&[&last]));
    }
    assert_eq!(scene.status(&last, 100 + 9_999 * 300), "RUNNABLE");
    scene.end(Ending::Terminate, &first, 50);
    assert_eq!(scene.status(&last, 100), "FAILED");
}
