//! What the debug page says of an object: all that the planner sees and answers, and nothing of its spec.

use aws_batch_operator::job::{FaultKind, JobStatus};
use aws_batch_operator::plan::{Parent, Turn, plan};
use aws_batch_operator::view::{Answer, facts};
use serde_json::{Value, json};

use crate::plan::cases::chapters;
use crate::plan::scene::{JOB, Scene, created};

const SECRET: &str = "canary-value-9c41";

/// The page of this object.
fn page(scene: &Scene) -> Value {
    let situation = scene.situation();
    let answer = Answer::new(&plan(&situation), scene.object.status.as_ref());
    json!({ "answer": answer, "known": facts(&situation) })
}

#[test]
fn no_value_that_a_user_gives_to_a_job_is_told_in_any_situation() {
    let pair = json!([{ "name": "TOKEN", "value": SECRET }]);
    let container = json!({ "environment": pair, "command": [SECRET] });
    let members = json!({
        "parameters": { "token": SECRET },
        "tags": { "team": SECRET },
        "containerOverrides": container,
        "nodeOverrides": { "nodePropertyOverrides": [{ "targetNodes": "0", "containerOverrides": container }] },
        "ecsPropertiesOverride": { "taskProperties": [{ "containers": [{ "name": "a", "environment": pair }] }] },
        "eksPropertiesOverride": { "podProperties": { "containers": [{ "name": "a", "env": pair }] } },
    });
    for (case, scene) in chapters().into_iter().flat_map(|chapter| chapter.cases) {
        let scene = scene.spec(members.clone());
        let request = serde_json::to_string(&scene.object.spec).unwrap();
        assert!(request.matches(SECRET).count() >= 8, "{request}");
        let page = page(&scene).to_string();
        assert!(!page.contains(SECRET) && !page.contains("TOKEN"), "{case}: {page}");
    }
}

#[test]
fn an_object_in_doubt_tells_its_attempt_and_what_follows() {
    let page = page(&created().claimed(0).attempt(FaultKind::Unclear, "the connection was reset").now(5));
    assert_eq!(page["answer"]["cause"], "InDoubt", "{page:#}");
    assert_eq!(page["answer"]["next"], "search for the job by its name and its tags");
    assert_eq!(page["known"]["attempt"]["outcome"], "Unclear");
    assert_eq!(page["known"]["attempt"]["fault"]["message"], "the connection was reset");
    assert_eq!(page["known"]["works"]["accountID"], "123456789012");
    assert!(page["known"].get("sighting").is_none(), "what is not known is left out: {page:#}");
}

#[test]
fn a_refused_object_tells_its_conditions_and_when_it_is_looked_at_again() {
    let page = page(&created().attempt(FaultKind::Refused, "no such queue").now(2));
    assert_eq!(page["answer"]["conditions"][0]["reason"], "Refused", "{page:#}");
    assert_eq!(page["answer"]["writesStatus"], true);
    assert!(page["answer"]["wakeSeconds"].as_u64().is_some_and(|wake| wake > 0), "{page:#}");
}

#[test]
fn the_job_the_turn_and_the_others_are_told() {
    let running = page(&created().submitted().now(20).seen(JobStatus::Running));
    assert_eq!(running["known"]["sighting"], json!({ "id": JOB, "status": "RUNNING" }), "{running:#}");
    let waiting = page(&created().turn(Turn::Waiting).after("first", Parent::Waiting));
    assert_eq!(waiting["known"]["turn"], "Waiting");
    assert_eq!(waiting["known"]["parents"], json!({ "first": "Waiting" }));
}

#[test]
fn a_page_is_small_whatever_is_known() {
    for (case, scene) in chapters().into_iter().flat_map(|chapter| chapter.cases) {
        let length = page(&scene).to_string().len();
        assert!(length < 20_000, "{case}: {length} bytes");
    }
}
