//! What a user of one namespace tries against a job of another one, by everything that the user can write: a table, which
//! docs/security.md shows.

use std::fmt::Write as _;
use std::path::Path;

use aws_batch_operator::job::{Identity, JobId, JobStatus, RemoteJob, Whose};
use aws_batch_operator::plan::{Owner, Plan, Step, Turn};
use serde_json::{Value, json};

use super::remote::job;
use super::scene::{Scene, UID, created};

const PAGE: &str = "docs/security.md";
const BEGIN: &str = "<!-- tried, by the test plan::hostile -->";
const END: &str = "<!-- end of tried -->";

/// The job of the other team, whose id the user knows.
const VICTIM: &str = "99999999-2222-4333-8444-555555555555";

/// What the other team's job must not be told by.
const SECRETS: [&str; 5] = ["their-queue", "their-name", "team-b", "their reason", "their-definition"];

/// The job of the other team, as AWS tells of it, with these tags.
fn victim(tags: &Value) -> RemoteJob {
    let tags = tags.as_object().unwrap().iter();
    RemoteJob {
        id: JobId::new(VICTIM).unwrap(),
        name: "their-name".to_owned(),
        queue: Some("arn:aws:batch:us-east-1:123456789012:job-queue/their-queue".to_owned()),
        definition: Some("their-definition".to_owned()),
        status_reason: Some("their reason".to_owned()),
        tags: tags.map(|(key, value)| (key, value.as_str().unwrap())).collect(),
        ..job(JobStatus::Running)
    }
}

fn of_another_namespace() -> RemoteJob {
    victim(&json!({
        "awsbatch.dev/uid": "other", "awsbatch.dev/cluster": "cluster-1",
        "awsbatch.dev/namespace": "team-b", "awsbatch.dev/name": "their-name",
    }))
}

fn of_another_cluster() -> RemoteJob {
    victim(&json!({
        "awsbatch.dev/uid": "other", "awsbatch.dev/cluster": "cluster-2",
        "awsbatch.dev/namespace": "team", "awsbatch.dev/name": "example",
    }))
}

/// An object with a deadline that has passed, and this annotation.
fn adopting(id: &str) -> Scene {
    created().spec(json!({ "activeDeadlineSeconds": 1 })).annotation("awsbatch.dev/adopt", id)
}

/// An object of the user whose job runs, and whose status the user has changed so.
fn with_status(change: &Value) -> Scene {
    let mut scene = created().spec(json!({ "activeDeadlineSeconds": 9_999 })).submitted().now(80);
    let mut status = serde_json::to_value(scene.object.status.as_ref().unwrap()).unwrap();
    for (member, value) in change.as_object().unwrap() {
        status[member] = value.clone();
    }
    scene.object.status = Some(serde_json::from_value(status).unwrap());
    scene
}

/// An object that names the job in both places.
fn asking_and_forging() -> Scene {
    with_status(&json!({ "jobId": VICTIM, "submittedAt": "2020-01-01T00:00:00Z" }))
        .annotation("awsbatch.dev/adopt", VICTIM)
}

/// What a look by name takes for the object's own.
fn own(jobs: &[RemoteJob]) -> Vec<RemoteJob> {
    let tag = |word: &str| word.to_owned();
    let identity =
        Identity { uid: tag(UID), cluster: tag("cluster-1"), namespace: tag("team"), name: tag("example") };
    jobs.iter().filter(|job| identity.judge(&job.tags) == Whose::Own).cloned().collect()
}

fn tried() -> Vec<(&'static str, Scene)> {
    let forged = json!({ "jobId": VICTIM, "submittedAt": "2020-01-01T00:00:00Z" });
    let queue = json!({
        "jobId": VICTIM, "jobName": "their-name",
        "jobQueue": "arn:aws:batch:us-east-1:123456789012:job-queue/their-queue",
    });
    vec![
        ("`awsbatch.dev/adopt`: a job without tags", adopting(VICTIM).saw(victim(&json!({})))),
        (
            "`awsbatch.dev/adopt`: a job of another namespace that a BatchJob follows",
            adopting(VICTIM).saw(of_another_namespace()).owned_by(Owner::Living),
        ),
        (
            "`awsbatch.dev/adopt`: a job of another namespace whose BatchJob is gone",
            adopting(VICTIM).saw(of_another_namespace()).owned_by(Owner::Gone),
        ),
        ("`awsbatch.dev/adopt`: a job of another cluster", adopting(VICTIM).saw(of_another_cluster())),
        (
            "`awsbatch.dev/adopt`: a job that is granted to another namespace",
            adopting(VICTIM).saw(victim(&json!({ "awsbatch.dev/adoptable-by": "cluster-1/team-b/*" }))),
        ),
        (
            "`awsbatch.dev/adopt`: any job, at an object whose own job runs",
            created()
                .submitted()
                .annotation("awsbatch.dev/adopt", VICTIM)
                .saw(job(JobStatus::Running))
                .now(80),
        ),
        (
            "`awsbatch.dev/adopt` and `status.jobId`: a job of another namespace whose BatchJob is gone",
            asking_and_forging().saw(of_another_namespace()).owned_by(Owner::Gone),
        ),
        (
            "the same, of a job of another cluster, and a deletion",
            asking_and_forging().saw(of_another_cluster()).now(900).deleted(),
        ),
        ("`status.jobId`, and a deadline that has passed", with_status(&forged).saw(of_another_namespace())),
        ("the same, of a job of another cluster", with_status(&forged).saw(of_another_cluster())),
        ("the same, of a job without tags", with_status(&forged).saw(victim(&json!({}))).now(500)),
        ("`status.jobId`, and a deletion", with_status(&forged).saw(of_another_namespace()).deleted()),
        ("`status.jobId` before the first look, and a deletion", with_status(&forged).deleted()),
        ("`status.jobQueue` and `jobName` besides", with_status(&queue).saw(of_another_namespace())),
        (
            "a tag `awsbatch.dev/uid` of the own object on a job in AWS",
            with_status(&forged).saw(victim(&json!({
                "awsbatch.dev/uid": UID, "awsbatch.dev/cluster": "cluster-2",
            }))),
        ),
        (
            "`spec.jobName` of that job, and a claim without a job",
            created()
                .spec(json!({ "jobName": "their-name" }))
                .claim_of("operator-1_run", UID, -600)
                .created_before(900)
                .restarted(0)
                .looked(70, own(&[of_another_namespace(), of_another_cluster(), victim(&json!({}))]))
                .now(80),
        ),
        (
            "`spec.tags` of that job",
            created()
                .spec(json!({ "tags": { "awsbatch.dev/uid": "other", "awsbatch.dev/cluster": "cluster-2" } }))
                .turn(Turn::Granted),
        ),
        (
            "a claim of another object, copied",
            created().claim_of("operator-1_run", "another-uid", -60).saw(of_another_namespace()),
        ),
    ]
}

/// What the operator does, in words; whatever touches the other job is none of them.
fn deed(plan: &Plan) -> &'static str {
    match &plan.step {
        Step::Submit(submit) => {
            assert_eq!(submit.submission.tags["awsbatch.dev/uid"], UID);
            assert_eq!(submit.submission.tags["awsbatch.dev/cluster"], "cluster-1");
            "submits the object's own job"
        }
        Step::Rest => "nothing",
        Step::SearchByName(_) => "looks for the object's own job",
        Step::TakeTurn => "submits the object's own job",
        step => panic!("{step:?}"),
    }
}

#[test]
fn whatever_a_tenant_writes_ends_no_job_of_another_and_shows_none() {
    let mut table =
        "| the user writes | the operator does | the object is told |\n|---|---|---|\n".to_owned();
    for (what, scene) in tried() {
        let plan = scene.plan();
        let told = plan.status.as_ref().and_then(|status| status.reason.clone()).unwrap_or_default();
        let all = format!("{:?}{:?}", plan.status, plan.notes);
        // What the user has written into the status is no secret.
        let is_new =
            |secret: &&'static str| all.contains(*secret) && !format!("{:?}", scene.object).contains(*secret);
        assert_eq!(SECRETS.into_iter().find(is_new), None, "{what}: {all}");
        writeln!(table, "| {what} | {} | {told} |", deed(&plan)).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    stand::assert_golden_part(&path, (BEGIN, END), &format!("\n\n{table}\n"));
}

/// A value that the schema takes for each member of a status: of strings the victim's id or the first value allowed.
fn forged(schema: &Value) -> Value {
    let members = |schema: &Value| {
        let members = schema["properties"].as_object().into_iter().flatten();
        members.map(|(name, member)| (name.clone(), forged(member))).collect::<serde_json::Map<_, _>>()
    };
    match schema["type"].as_str() {
        Some("object") => Value::Object(members(schema)),
        Some("array") => json!([forged(&schema["items"])]),
        Some("integer") => json!(1),
        Some("boolean") => json!(true),
        _ if schema["format"] == "date-time" => json!("2020-01-01T00:00:00Z"),
        _ => schema["enum"].get(0).cloned().unwrap_or_else(|| json!(VICTIM)),
    }
}

/// Every member of a status, with every value that its schema lists.
fn forgeries() -> Vec<(String, Value)> {
    let crd = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/crd.yaml")).unwrap();
    let crd: Value = serde_saphyr::from_str(&crd).unwrap();
    let status = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["status"];
    let members = status["properties"].as_object().unwrap().iter().flat_map(|(name, member)| {
        let listed = member["enum"].as_array().cloned().unwrap_or_else(|| vec![forged(member)]);
        listed.into_iter().map(|value| (name.clone(), value)).collect::<Vec<_>>()
    });
    members.collect()
}

#[test]
fn no_member_of_a_status_lets_the_operator_touch_a_job_of_another() {
    let forgeries = forgeries();
    assert!(forgeries.len() > 30, "{}", forgeries.len());
    for (member, value) in forgeries {
        let id = json!(VICTIM);
        for change in [json!({ &member: &value }), json!({ &member: &value, "jobId": id })] {
            let scene = with_status(&change)
                .spec(json!({ "activeDeadlineSeconds": 1, "ttlSecondsAfterFinished": 5 }));
            let ways = vec![
                scene.clone(),
                scene.clone().saw(of_another_namespace()),
                scene.clone().saw(of_another_cluster()),
                scene.clone().saw(victim(&json!({}))).now(500),
                scene.clone().restarted(80).saw(of_another_namespace()),
                scene.restarted(80).saw(victim(&json!({}))).now(90_000),
            ];
            for scene in ways.clone().into_iter().chain(ways.into_iter().map(Scene::deleted)) {
                let plan = scene.plan();
                assert!(!matches!(plan.step, Step::EndJobs { .. }), "{change}: {plan:?}");
                let shown = format!("{:?}{:?}", plan.status, plan.notes);
                let is_new =
                    |secret: &&&str| shown.contains(**secret) && !change.to_string().contains(**secret);
                assert_eq!(SECRETS.iter().find(is_new), None, "{change}: {shown}");
            }
        }
    }
}
